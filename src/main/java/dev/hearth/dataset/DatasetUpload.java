package dev.hearth.dataset;

import dev.hearth.http.Idempotency;
import dev.hearth.storage.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Service;

/** From an uploaded file to a data set: everything is checked first, then all of it is kept. */
@Service
class DatasetUpload {

    /**
     * Files as they were sent.
     *
     * @param name what the data set is called if the options give no name
     */
    record Sent(String name, List<SourceFile> files) {
        Sent {
            files = List.copyOf(files);
        }

        static Sent of(SourceFile file) {
            return new Sent(file.name(), List.of(file));
        }
    }

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
        options.checked();
        try (var prepared = preparation.prepare(sent.files(), options, PreparationProgress.NONE)) {
            var name = options.name() == null ? sent.name() : options.name();
            // Only a key is compared with anything: without one, the files are not read for it.
            var fingerprint = key.isPresent() ? fingerprint(sent.files(), options) : "";
            return new DatasetId(
                    idempotency.once(
                            key,
                            "POST /v1/datasets",
                            fingerprint,
                            () -> datasets.create(name, sent.files(), prepared)));
        }
    }

    /** Of the files and their options together: the same again is the same request. */
    private static String fingerprint(List<SourceFile> files, DatasetOptions options)
            throws IOException {
        var digest = Sha256.newDigest();
        for (var file : files) {
            digest.update((file.name() + "\n").getBytes(StandardCharsets.UTF_8));
            try (InputStream in = new DigestInputStream(file.content().open(), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
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
