package dev.hearth.dataset;

import dev.hearth.http.Idempotency;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Service;

/** From an uploaded file to a data set: everything is checked first, then all of it is kept. */
@Service
class DatasetUpload {

    /**
     * What files of other kinds begin with, in hexadecimal, so that they are named in the error.
     */
    private static final Map<String, String> OTHER_KINDS = otherKinds();

    private static final int LONGEST_MAGIC_BYTES = 4;

    private final Preparation preparation;
    private final Datasets datasets;
    private final Idempotency idempotency;

    DatasetUpload(Preparation preparation, Datasets datasets, Idempotency idempotency) {
        this.preparation = preparation;
        this.datasets = datasets;
        this.idempotency = idempotency;
    }

    /**
     * @param fileName what the data set is called if the options give no name
     * @param key the request's {@code Idempotency-Key}
     */
    DatasetId upload(CsvSource file, String fileName, DatasetOptions options, Optional<String> key)
            throws IOException {
        var checked = options.checked();
        requireText(file);
        var digest = digest(file, options);
        try (var prepared = preparation.prepare(file, digest.sizeBytes(), checked)) {
            var name = options.name() == null ? fileName : options.name();
            return new DatasetId(
                    idempotency.once(
                            key,
                            "POST /v1/datasets",
                            digest.hex(),
                            () -> datasets.create(name, file, prepared)));
        }
    }

    private static void requireText(CsvSource file) throws IOException {
        byte[] start;
        try (var in = file.open()) {
            start = in.readNBytes(LONGEST_MAGIC_BYTES);
        }
        var hex = HexFormat.of().formatHex(start);
        for (var kind : OTHER_KINDS.entrySet()) {
            if (hex.startsWith(kind.getKey())) {
                throw new ProblemException(
                        ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                        "the file is %s; send a CSV file in UTF-8".formatted(kind.getValue()));
            }
        }
    }

    private static Map<String, String> otherKinds() {
        var kinds = new LinkedHashMap<String, String>();
        kinds.put("504b0304", "a zip archive, or a spreadsheet");
        kinds.put("504b0506", "an empty zip archive");
        kinds.put("1f8b", "compressed by gzip");
        kinds.put("89504e47", "a PNG image");
        kinds.put("ffd8ff", "a JPEG image");
        kinds.put("25504446", "a PDF document");
        kinds.put("50415231", "a Parquet file");
        kinds.put("d0cf11e0", "an old spreadsheet");
        return kinds;
    }

    private record Digest(String hex, long sizeBytes) {}

    /** Of the file and its options together: the same again is the same request. */
    private static Digest digest(CsvSource file, DatasetOptions options) throws IOException {
        MessageDigest sha256;
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        long size;
        try (InputStream in = new DigestInputStream(file.open(), sha256)) {
            size = in.transferTo(OutputStream.nullOutputStream());
        }
        sha256.update(options.toString().getBytes(StandardCharsets.UTF_8));
        return new Digest(HexFormat.of().formatHex(sha256.digest()), size);
    }

    /** The last part of a file's name as a client sent it, fit to be a data set's name. */
    static String plainName(String submitted) {
        var lastPart = Arrays.asList(submitted.split("[/\\\\]")).getLast();
        var name = lastPart.replaceAll("\\p{Cntrl}", "").strip();
        if (name.isEmpty()) {
            return "data";
        }
        return name.length() > DatasetOptions.MAX_NAME_CHARS
                ? name.substring(0, DatasetOptions.MAX_NAME_CHARS)
                : name;
    }
}
