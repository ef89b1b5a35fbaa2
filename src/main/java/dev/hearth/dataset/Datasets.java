package dev.hearth.dataset;

import dev.hearth.http.Cursor;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** Uploaded data sets. */
@Service
public class Datasets {

    private final DatasetTable table;
    private final DatasetFiles files;
    private final List<DatasetUse> uses;
    private final TransactionTemplate transaction;

    Datasets(
            DatasetTable table,
            DatasetFiles files,
            List<DatasetUse> uses,
            TransactionTemplate transaction) {
        this.table = table;
        this.files = files;
        this.uses = uses;
        this.transaction = transaction;
    }

    /** Empty if there is none, or if it is not ready. */
    public Optional<Dataset> find(DatasetId id) {
        return findEntry(id).flatMap(DatasetEntry::ready);
    }

    /** The data set in whatever state it is. */
    Optional<DatasetEntry> findEntry(DatasetId id) {
        return table.find(id);
    }

    /** The data set, or a problem that says that there is none, or that it is not ready. */
    public Dataset require(DatasetId id) {
        return entry(id).requireReady();
    }

    /** The data set in whatever state it is, or a problem that says that there is none. */
    DatasetEntry entry(DatasetId id) {
        return table.find(id).orElseThrow(() -> missing(id));
    }

    /** The files of a data set, to be read again. */
    List<SentFile> sent(DatasetEntry entry) throws IOException {
        return files.sent(entry);
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
            return MappedTable.open(files.local(dataset.table()), dataset);
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
        return files.local(blob);
    }

    /**
     * The cells of a column of images or tensors, mapped into memory; whoever opens closes.
     *
     * @throws IllegalArgumentException where the data set has no such column
     */
    public BlockCells cells(Dataset dataset, String column) {
        var file = block(dataset, column);
        try {
            return BlockCells.open(
                    file, dataset.column(column).flatMap(Column::block).orElseThrow());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An uploaded file, byte for byte. */
    InputStream file(StoredFile file) throws IOException {
        return files.open(file.blob());
    }

    /** The report, as JSON. */
    String report(DatasetId id) {
        require(id);
        return table.report(id).orElseThrow(() -> missing(id));
    }

    List<DatasetEntry> page(Optional<Cursor> after, int limit) {
        return table.page(Optional.empty(), after, limit);
    }

    /** All versions of the data set of which {@code of} is one. */
    List<DatasetEntry> versions(DatasetEntry of, Optional<Cursor> after, int limit) {
        return table.page(Optional.of(of.lineage().family()), after, limit);
    }

    /**
     * Deletes a data set that no unfinished run needs, and gives its bytes back. One that is being
     * prepared is cancelled by that.
     */
    void delete(DatasetId id) {
        transaction.executeWithoutResult(_ -> {
            if (!table.lock(id)) {
                throw missing(id);
            }
            uses.stream()
                    .flatMap(use -> use.user(id).stream())
                    .findFirst()
                    .ifPresent(user -> {
                        throw new ProblemException(
                                ProblemCode.IN_USE,
                                "data set %s is needed: %s; wait for it, or cancel it"
                                        .formatted(id, user));
                    });
            table.delete(id);
            files.release(id);
        });
    }

    static ProblemException missing(DatasetId id) {
        return new ProblemException(ProblemCode.NOT_FOUND, "there is no data set " + id);
    }
}
