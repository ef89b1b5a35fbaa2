package dev.hearth.dataset;

import dev.hearth.http.Idempotency;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.storage.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
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

    /**
     * A file as it was sent.
     *
     * @param name what the data set is called if the options give no name
     */
    record Sent(CsvSource file, String name, long sizeBytes) {}

    private final Preparation preparation;
    private final Datasets datasets;
    private final Idempotency idempotency;

    DatasetUpload(Preparation preparation, Datasets datasets, Idempotency idempotency) {
        this.preparation = preparation;
        this.datasets = datasets;
        this.idempotency = idempotency;
    }

    /**
     * @param key the request's {@code Idempotency-Key}
     */
    DatasetId upload(Sent sent, DatasetOptions options, Optional<String> key) throws IOException {
        var checked = options.checked();
        requireText(sent.file());
        try (var prepared = preparation.prepare(sent.file(), sent.sizeBytes(), checked)) {
            var name = options.name() == null ? sent.name() : options.name();
            // Only a key is compared with anything: without one, the file is not read for it.
            var fingerprint = key.isPresent() ? fingerprint(sent.file(), options) : "";
            return new DatasetId(
                    idempotency.once(
                            key,
                            "POST /v1/datasets",
                            fingerprint,
                            () -> datasets.create(name, sent.file(), prepared)));
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

    /** Of the file and its options together: the same again is the same request. */
    private static String fingerprint(CsvSource file, DatasetOptions options) throws IOException {
        var digest = Sha256.newDigest();
        try (InputStream in = new DigestInputStream(file.open(), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        digest.update(options.toString().getBytes(StandardCharsets.UTF_8));
        return Sha256.of(digest).hex();
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
