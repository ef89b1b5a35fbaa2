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
import java.time.InstantSource;
import java.util.List;
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
     * @param source the uploaded file
     */
    UUID create(String name, CsvSource source, Preparation.Prepared prepared) {
        return transaction.execute(_ -> {
            var id = new DatasetId(UUID.randomUUID());
            var dataset =
                    new Dataset(
                            id,
                            name,
                            store(id, source),
                            store(id, () -> Files.newInputStream(prepared.table())),
                            prepared.rows(),
                            prepared.columns(),
                            clock.instant());
            table.insert(dataset, prepared.report());
            return id.value();
        });
    }

    private Blob store(DatasetId id, CsvSource source) {
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

    /** How the uploaded file is written. */
    public FileForm form(Dataset dataset) {
        try {
            return FileForm.of(() -> blobs.open(dataset.source().hash()), dataset.columns());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The uploaded file, byte for byte. */
    InputStream file(Dataset dataset) throws IOException {
        return blobs.open(dataset.source().hash());
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
