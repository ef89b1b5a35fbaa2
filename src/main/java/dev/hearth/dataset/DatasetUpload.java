package dev.hearth.dataset;

import dev.hearth.http.Idempotency;
import dev.hearth.storage.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import org.springframework.stereotype.Service;

/**
 * From uploaded files to a data set. A small one is checked first and then kept, all of it; a large
 * one is kept, and checked by a job.
 */
@Service
class DatasetUpload {

    /**
     * How the client wants to be answered.
     *
     * @param key the request's {@code Idempotency-Key}
     * @param async whether it prefers not to wait for the preparing
     */
    record Wish(Optional<String> key, boolean async) {}

    /**
     * @param async whether the preparing goes on after the answer
     */
    record Taken(DatasetId id, boolean async) {}

    private final Preparation preparation;
    private final DatasetLife life;
    private final Idempotency idempotency;
    private final IntakeSettings settings;

    DatasetUpload(
            Preparation preparation,
            DatasetLife life,
            Idempotency idempotency,
            IntakeSettings settings) {
        this.preparation = preparation;
        this.life = life;
        this.idempotency = idempotency;
        this.settings = settings;
    }

    Taken upload(NewDataset fresh, Wish wish) throws IOException {
        fresh.options().checked();
        // Only a key is compared with anything: without one, the files are not read for it.
        var fingerprint = wish.key().isPresent() ? fingerprint(fresh) : "";
        var endpoint =
                fresh.parent()
                        .map(parent -> "POST /v1/datasets/%s/versions".formatted(parent.id()))
                        .orElse("POST /v1/datasets");
        if (wish.async() || fresh.sizeBytes() > settings.inlineBytes().toBytes()) {
            var id = idempotency.once(wish.key(), endpoint, fingerprint, () -> life.begin(fresh));
            return new Taken(new DatasetId(id), true);
        }
        try (var prepared =
                preparation.prepare(fresh.sources(), fresh.options(), PreparationProgress.NONE)) {
            var id =
                    idempotency.once(
                            wish.key(), endpoint, fingerprint, () -> life.create(fresh, prepared));
            return new Taken(new DatasetId(id), false);
        }
    }

    /** Of the files and their options together: the same again is the same request. */
    private static String fingerprint(NewDataset fresh) throws IOException {
        var digest = Sha256.newDigest();
        for (var file : fresh.files()) {
            update(digest, file.source().name() + "\n");
            if (file.kept().isPresent()) {
                update(digest, file.kept().get().blob().hash().hex());
                continue;
            }
            try (InputStream in = new DigestInputStream(file.source().content().open(), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
        }
        update(digest, fresh.options().toString());
        return Sha256.of(digest).hex();
    }

    private static void update(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
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
