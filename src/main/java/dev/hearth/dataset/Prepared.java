package dev.hearth.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A data set that is not kept yet; closing it deletes its files.
 *
 * @param table as {@link TableLayout} describes it; it has no tensors for images and tensors
 * @param blocks the files of images and tensors by column name, as {@link Block} describes them
 */
record Prepared(
        Path table, Map<String, Path> blocks, long rows, List<Column> columns, Report report)
        implements AutoCloseable {

    Prepared {
        blocks = Map.copyOf(blocks);
        columns = List.copyOf(columns);
    }

    /** With columns of images and tensors behind those of the table. */
    Prepared with(List<Column> others, Map<String, Path> files) {
        var all = new ArrayList<>(columns);
        all.addAll(others);
        return new Prepared(table, files, rows, all, report.withColumns(others));
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(table);
        for (var block : blocks.values()) {
            Files.deleteIfExists(block);
        }
    }
}
