package dev.hearth.dataset;

import dev.hearth.http.Owner;
import dev.hearth.storage.Blob;
import dev.hearth.storage.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
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

    List<StoredFile> keep(DatasetId id, NewDataset fresh) {
        var owner = fresh.intake().owner();
        return fresh.files().stream().map(file -> keep(id, owner, file)).toList();
    }

    private StoredFile keep(DatasetId id, Owner account, SentFile file) {
        var kept = file.kept();
        if (kept.isPresent()) {
            blobs.own(owner(id), account, kept.get().blob().hash());
            return kept.get();
        }
        return new StoredFile(file.source().name(), store(id, account, file.source().content()));
    }

    Contents keep(DatasetId id, Owner account, Prepared prepared) {
        var blocks = new LinkedHashMap<String, Blob>();
        prepared.blocks()
                .forEach((column, file) ->
                        blocks.put(column, store(id, account, FileContent.of(file))));
        return new Contents(
                store(id, account, FileContent.of(prepared.table())),
                prepared.rows(),
                prepared.columns(),
                blocks);
    }

    private Blob store(DatasetId id, Owner account, FileContent content) {
        try {
            Blob blob = put(content);
            blobs.own(owner(id), account, blob.hash());
            return blob;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Blob put(FileContent content) throws IOException {
        var file = content.path();
        if (file.isPresent()) {
            return blobs.put(file.get());
        }
        return blobs.put(out -> {
            try (var in = content.open()) {
                in.transferTo(out);
            }
        });
    }

    /** The files of a data set, to be read again. */
    List<SentFile> sent(DatasetEntry entry) throws IOException {
        var sent = new ArrayList<SentFile>();
        for (var file : entry.files()) {
            var source =
                    SourceFile.of(
                            file.name(), file.blob().sizeBytes(), new Stored(blobs, file.blob()));
            sent.add(new SentFile(source, Optional.of(file)));
        }
        return List.copyOf(sent);
    }

    /** A blob's bytes; where it is on the disk is asked anew each time. */
    private record Stored(BlobStore blobs, Blob blob) implements FileContent {

        @Override
        public InputStream open() throws IOException {
            return blobs.open(blob.hash());
        }

        @Override
        public Optional<Path> path() throws IOException {
            return Optional.of(blobs.file(blob.hash()));
        }
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
