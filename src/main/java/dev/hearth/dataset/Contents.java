package dev.hearth.dataset;

import dev.hearth.storage.Blob;
import java.util.List;
import java.util.Map;

/** What preparing makes of a data set's files, stored. The parts are as in {@link Dataset}. */
record Contents(Blob table, long rows, List<Column> columns, Map<String, Blob> blocks) {

    Contents {
        columns = List.copyOf(columns);
        blocks = Map.copyOf(blocks);
    }
}
