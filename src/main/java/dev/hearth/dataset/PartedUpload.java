package dev.hearth.dataset;

import dev.hearth.http.Idempotency;
import dev.hearth.storage.Sha256;
import dev.hearth.upload.ArrivedFile;
import dev.hearth.upload.UploadId;
import dev.hearth.upload.Uploads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Service;

/**
 * From files that arrived in parts to a data set. The uploads are used up in the transaction that
 * makes it; where it is refused, they are still there.
 */
@Service
class PartedUpload {

    /** Makes of the files what the data set is to be. */
    @FunctionalInterface
    interface Plan {
        NewDataset of(List<SourceFile> files) throws IOException;
    }

    private final Uploads uploads;
    private final DatasetUpload upload;
    private final Datasets datasets;
    private final Idempotency idempotency;

    PartedUpload(
            Uploads uploads, DatasetUpload upload, Datasets datasets, Idempotency idempotency) {
        this.uploads = uploads;
        this.upload = upload;
        this.datasets = datasets;
        this.idempotency = idempotency;
    }

    /**
     * @param endpoint what was asked for, such as {@code POST /v1/datasets}
     * @param ids at least one, in the order of the files
     */
    DatasetUpload.Taken upload(
            String endpoint,
            List<UploadId> ids,
            DatasetOptions options,
            Plan plan,
            DatasetUpload.Wish wish) {
        options.checked();
        var id =
                new DatasetId(
                        idempotency.once(
                                wish.key(),
                                endpoint,
                                fingerprint(ids, options),
                                () -> made(ids, plan, wish)));
        // The same for a repeated request, whose uploads are gone.
        var size = StoredFile.sizeBytes(datasets.entry(id).files());
        return new DatasetUpload.Taken(id, upload.isAsync(size, wish));
    }

    /** In the transaction of the idempotency key: it is short, or the files are only copied. */
    private UUID made(List<UploadId> ids, Plan plan, DatasetUpload.Wish wish) {
        try {
            var files = new ArrayList<SourceFile>();
            for (var file : uploads.arrived(ids)) {
                files.add(source(file));
            }
            var id = upload.make(plan.of(files), wish);
            uploads.delete(ids);
            return id;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SourceFile source(ArrivedFile file) throws IOException {
        return SourceFile.of(file.name(), file.sizeBytes(), file.content()::open);
    }

    private static String fingerprint(List<UploadId> ids, DatasetOptions options) {
        var digest = Sha256.newDigest();
        digest.update((ids + " " + options).getBytes(StandardCharsets.UTF_8));
        return Sha256.of(digest).hex();
    }
}
