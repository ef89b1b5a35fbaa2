package dev.hearth.upload;

import dev.hearth.http.ContentDigest;
import dev.hearth.http.Owner;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.storage.BlobStore;
import dev.hearth.storage.Reservation;
import dev.hearth.storage.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Files that arrive in parts. */
@Service
public class Uploads {

    private static final int SHOWN_PARTS = 10;

    private final UploadTable table;
    private final BlobStore blobs;
    private final UploadSettings settings;
    private final FileLimits limits;
    private final InstantSource clock;

    Uploads(
            UploadTable table,
            BlobStore blobs,
            UploadSettings settings,
            FileLimits limits,
            InstantSource clock) {
        this.table = table;
        this.blobs = blobs;
        this.settings = settings;
        this.limits = limits;
        this.clock = clock;
    }

    NewUpload.Checked checked(NewUpload announced) {
        return announced.checked(settings, limits);
    }

    UUID create(Owner owner, NewUpload.Checked announced) {
        var now = clock.instant();
        var id = new UploadId(UUID.randomUUID());
        table.insert(
                new Upload(
                        id,
                        owner,
                        announced.name(),
                        announced.sizeBytes(),
                        announced.partBytes(),
                        announced.sha256(),
                        new TreeMap<>(),
                        now,
                        now.plus(settings.expiresAfter())));
        return id.value();
    }

    Upload require(UploadId id) {
        return table.find(id).orElseThrow(() -> missing(id));
    }

    /**
     * Keeps a part: its bytes and its row appear together.
     *
     * @param file a scratch file with exactly the bytes of the part
     * @param room that is reserved for it
     */
    @Transactional
    public void keep(UploadId id, int number, Path file, Reservation room) {
        try {
            var blob = blobs.put(file);
            if (!table.lock(id)) {
                throw missing(id);
            }
            blobs.release(owner(id, number));
            blobs.own(owner(id, number), require(id).owner(), blob.hash());
            room.settle();
            table.put(id, number, blob, clock.instant().plus(settings.expiresAfter()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The files whose parts are all there, which nobody deletes until the caller's transaction
     * ends.
     *
     * @throws ProblemException INVALID_STATE where parts are missing; DIGEST_MISMATCH where a file
     *     is not what was announced
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public List<ArrivedFile> arrived(List<UploadId> ids) {
        return ids.stream().map(this::arrived).toList();
    }

    private ArrivedFile arrived(UploadId id) {
        if (!table.lock(id)) {
            throw missing(id);
        }
        var upload = require(id);
        var missing = upload.missing();
        if (!missing.isEmpty()) {
            throw new ProblemException(
                    ProblemCode.INVALID_STATE,
                    "upload %s has %d of %d bytes; send the parts %s%s"
                            .formatted(
                                    id,
                                    upload.receivedBytes(),
                                    upload.sizeBytes(),
                                    missing.subList(0, Math.min(SHOWN_PARTS, missing.size())),
                                    missing.size() > SHOWN_PARTS ? " and more" : ""));
        }
        var parts = List.copyOf(upload.received().values());
        var file =
                new ArrivedFile(
                        upload.name(), upload.sizeBytes(), () -> new PartsStream(blobs, parts));
        upload.sha256().ifPresent(announced -> compare(file, announced));
        return file;
    }

    private static void compare(ArrivedFile file, Sha256 announced) {
        try (var bytes = file.content().open()) {
            ContentDigest.sha256(announced.hex()).check(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes uploads and gives their bytes back. */
    @Transactional
    public void delete(List<UploadId> ids) {
        for (var id : ids) {
            if (!table.lock(id)) {
                throw missing(id);
            }
            require(id).received().keySet().forEach(number -> blobs.release(owner(id, number)));
            table.delete(id);
        }
    }

    /** Deletes what nobody went on with. */
    @Scheduled(fixedDelay = 10, timeUnit = TimeUnit.MINUTES)
    @Transactional
    public void sweep() {
        delete(table.expired(clock.instant()));
    }

    private static ProblemException missing(UploadId id) {
        return new ProblemException(
                ProblemCode.NOT_FOUND,
                "there is no upload %s; it may have been used, deleted, or it has expired"
                        .formatted(id));
    }

    private static String owner(UploadId id, int number) {
        return "upload:%s:%d".formatted(id, number);
    }
}
