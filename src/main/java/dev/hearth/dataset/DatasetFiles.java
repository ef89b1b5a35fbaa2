package dev.hearth.dataset;

import dev.hearth.storage.Blob;
import dev.hearth.storage.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The bytes of data sets: stored and owned in the caller's transaction. */
@Component
class DatasetFiles {

    private final BlobStore blobs;

    DatasetFiles(BlobStore blobs) {
        this.blobs = blobs;
    }

    List<StoredFile> keep(DatasetId id, List<SentFile> files) {
        return files.stream().map(file -> keep(id, file)).toList();
    }

    private StoredFile keep(DatasetId id, SentFile file) {
        var kept = file.kept();
        if (kept.isPresent()) {
            blobs.own(owner(id), kept.get().blob().hash());
            return kept.get();
        }
        return new StoredFile(file.source().name(), store(id, file.source().content()));
    }

    Contents keep(DatasetId id, Prepared prepared) {
        var blocks = new LinkedHashMap<String, Blob>();
        prepared.blocks()
                .forEach((column, file) ->
                        blocks.put(column, store(id, () -> Files.newInputStream(file))));
        return new Contents(
                store(id, () -> Files.newInputStream(prepared.table())),
                prepared.rows(),
                prepared.columns(),
                blocks);
    }

    private Blob store(DatasetId id, FileContent source) {
        try {
            Blob blob =
                    blobs.put(out -> {
                        try (var in = source.open()) {
                            in.transferTo(out);
                        }
                    });
            blobs.own(owner(id), blob.hash());
            return blob;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The files of a data set, to be read again. */
    List<SentFile> sent(DatasetEntry entry) throws IOException {
        var sent = new ArrayList<SentFile>();
        for (var file : entry.files()) {
            var source =
                    SourceFile.of(file.name(), file.blob().sizeBytes(), () -> open(file.blob()));
            sent.add(new SentFile(source, Optional.of(file)));
        }
        return List.copyOf(sent);
    }

    InputStream open(Blob blob) throws IOException {
        return blobs.open(blob.hash());
    }

    /** A local file with the blob's bytes, to be mapped into memory. */
    Path local(Blob blob) {
        try {
            return blobs.file(blob.hash());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives all bytes of a data set back that no other one has. */
    void release(DatasetId id) {
        blobs.release(owner(id));
    }

    private static String owner(DatasetId id) {
        return "dataset:" + id;
    }
}
