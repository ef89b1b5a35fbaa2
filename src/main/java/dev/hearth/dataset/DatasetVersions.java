package dev.hearth.dataset;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Further versions of data sets. */
@Service
class DatasetVersions {

    private static final String COLUMNS = "columns";

    private final Datasets datasets;
    private final DatasetUpload upload;
    private final JsonMapper json;

    DatasetVersions(Datasets datasets, DatasetUpload upload, JsonMapper json) {
        this.datasets = datasets;
        this.upload = upload;
        this.json = json;
    }

    /**
     * Makes a version of all files of its parent, and then of more.
     *
     * @param parent which has to be ready
     * @param more may be empty
     * @param options that take precedence over the parent's schema and options
     */
    DatasetUpload.Taken create(
            DatasetId parent,
            List<SourceFile> more,
            DatasetOptions options,
            DatasetUpload.Wish wish)
            throws IOException {
        // Else what is wrong with them would be told of the merged ones.
        options.checked();
        var entry = datasets.entry(parent);
        var ready = entry.requireReady();
        var files = new ArrayList<>(datasets.sent(entry));
        more.forEach(file -> files.add(SentFile.fresh(file)));
        return upload.upload(
                new NewDataset(
                        options.name() == null ? entry.name() : options.name(),
                        files,
                        inherit(ready.columns(), entry.options(), options),
                        Optional.of(entry)),
                wish);
    }

    /**
     * The types that the parent's columns have, its options over them, and the new ones over all.
     */
    private DatasetOptions inherit(
            List<Column> schema, DatasetOptions parent, DatasetOptions options) {
        var columns = json.createObjectNode();
        for (var column : schema) {
            if (column.type().isWritten()) {
                columns.put(column.name(), column.type().wireName());
            }
        }
        var merged = json.createObjectNode();
        for (var layer : List.of(parent, options)) {
            var given = json.<ObjectNode>valueToTree(layer);
            if (given.remove(COLUMNS) instanceof ObjectNode types) {
                columns.setAll(types);
            }
            merged.setAll(given);
        }
        if (!columns.isEmpty()) {
            merged.set(COLUMNS, columns);
        }
        return json.treeToValue(merged, DatasetOptions.class);
    }
}
