package dev.hearth.dataset;

import dev.hearth.http.Cursor;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.storage.Blob;
import dev.hearth.storage.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** Uploaded data sets. */
@Service
public class Datasets {

    private final DatasetTable table;
    private final BlobStore blobs;
    private final Optional<DatasetUse> use;
    private final InstantSource clock;
    private final TransactionTemplate transaction;

    Datasets(
            DatasetTable table,
            BlobStore blobs,
            Optional<DatasetUse> use,
            InstantSource clock,
            TransactionTemplate transaction) {
        this.table = table;
        this.blobs = blobs;
        this.use = use;
        this.clock = clock;
        this.transaction = transaction;
    }

    /**
     * Keeps a data set whose file has been checked: its bytes and its row appear together or not at
     * all.
     *
     * @param sources the uploaded files
     */
    UUID create(String name, List<SourceFile> sources, Prepared prepared) {
        return transaction.execute(_ -> {
            var id = new DatasetId(UUID.randomUUID());
            var dataset =
                    new Dataset(
                            id,
                            name,
                            storeFiles(id, sources),
                            store(id, () -> Files.newInputStream(prepared.table())),
                            prepared.rows(),
                            prepared.columns(),
                            storeBlocks(id, prepared.blocks()),
                            clock.instant());
            table.insert(dataset, prepared.report());
            return id.value();
        });
    }

    private List<StoredFile> storeFiles(DatasetId id, List<SourceFile> sources) {
        return sources.stream()
                .map(source -> new StoredFile(source.name(), store(id, source.content())))
                .toList();
    }

    private Map<String, Blob> storeBlocks(DatasetId id, Map<String, Path> files) {
        var blocks = new LinkedHashMap<String, Blob>();
        files.forEach(
                (column, file) -> blocks.put(column, store(id, () -> Files.newInputStream(file))));
        return blocks;
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

    public Optional<Dataset> find(DatasetId id) {
        return table.find(id);
    }

    /** The data set, or a problem that says that there is none. */
    public Dataset require(DatasetId id) {
        return table.find(id).orElseThrow(() -> missing(id));
    }

    /**
     * As {@link #require}, and keeps the data set from being deleted until the caller's transaction
     * ends.
     */
    public Dataset hold(DatasetId id) {
        if (!table.share(id)) {
            throw missing(id);
        }
        return require(id);
    }

    /** The rows, mapped into memory; whoever opens closes. */
    public Table open(Dataset dataset) {
        try {
            return MappedTable.open(blobs.file(dataset.table().hash()), dataset);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The file of a column of images or tensors, to be mapped into memory.
     *
     * @throws IllegalArgumentException where the data set has no such column
     */
    public Path block(Dataset dataset, String column) {
        var blob = dataset.blocks().get(column);
        if (blob == null) {
            throw new IllegalArgumentException(
                    "the data set has no images or tensors '" + column + "'");
        }
        try {
            return blobs.file(blob.hash());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How the uploaded CSV file is written. */
    public FileForm form(Dataset dataset) {
        try {
            var hash = dataset.files().getFirst().blob().hash();
            return FileForm.of(() -> blobs.open(hash), dataset.columns());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An uploaded file, byte for byte. */
    InputStream file(StoredFile file) throws IOException {
        return blobs.open(file.blob().hash());
    }

    /** The report, as JSON. */
    String report(DatasetId id) {
        return table.report(id).orElseThrow(() -> missing(id));
    }

    List<Dataset> page(Optional<Cursor> after, int limit) {
        return table.page(after, limit);
    }

    /** Deletes a data set that no unfinished run needs, and gives its bytes back. */
    void delete(DatasetId id) {
        transaction.executeWithoutResult(_ -> {
            if (!table.lock(id)) {
                throw missing(id);
            }
            use.flatMap(users -> users.user(id))
                    .ifPresent(user -> {
                        throw new ProblemException(
                                ProblemCode.IN_USE,
                                "data set %s is needed: %s; wait for it, or cancel it"
                                        .formatted(id, user));
                    });
            table.delete(id);
            blobs.release(owner(id));
        });
    }

    private static ProblemException missing(DatasetId id) {
        return new ProblemException(ProblemCode.NOT_FOUND, "there is no data set " + id);
    }

    private static String owner(DatasetId id) {
        return "dataset:" + id;
    }
}
