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
import java.util.UUID;
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

    private final CountedPreparation preparation;
    private final DatasetLife life;
    private final Idempotency idempotency;
    private final IntakeSettings settings;

    DatasetUpload(
            CountedPreparation preparation,
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
        requireRoom(fresh);
        if (isAsync(fresh.sizeBytes(), wish)) {
            var id = idempotency.once(wish.key(), endpoint, fingerprint, () -> life.begin(fresh));
            return new Taken(new DatasetId(id), true);
        }
        // Not in the transaction: it would last as long as the preparing.
        try (var prepared = prepared(fresh)) {
            var id =
                    idempotency.once(
                            wish.key(), endpoint, fingerprint, () -> life.create(fresh, prepared));
            return new Taken(new DatasetId(id), false);
        }
    }

    /** Makes a data set in the caller's transaction. */
    UUID make(NewDataset fresh, Wish wish) throws IOException {
        fresh.options().checked();
        requireRoom(fresh);
        if (isAsync(fresh.sizeBytes(), wish)) {
            return life.begin(fresh);
        }
        try (var prepared = prepared(fresh)) {
            return life.create(fresh, prepared);
        }
    }

    private void requireRoom(NewDataset fresh) {
        preparation.requireSize(fresh.sizeBytes());
        fresh.intake().room().add(fresh.inheritedBytes());
    }

    private Prepared prepared(NewDataset fresh) throws IOException {
        var prepared =
                preparation.prepare(
                        fresh.sources(),
                        fresh.options(),
                        fresh.intake().room(),
                        PreparationProgress.NONE);
        try {
            fresh.parent()
                    .ifPresent(parent ->
                            Appending.require(
                                    parent,
                                    fresh.files().size(),
                                    fresh.options(),
                                    prepared.columns()));
            return prepared;
        } catch (RuntimeException e) {
            prepared.close();
            throw e;
        }
    }

    /** Whether a data set of files of this size is prepared by a job. */
    boolean isAsync(long sizeBytes, Wish wish) {
        return wish.async() || sizeBytes > settings.inlineBytes().toBytes();
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
