package dev.hearth.dataset;

import dev.hearth.upload.UploadId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Further versions of data sets. */
@Service
class DatasetVersions {

    private final Datasets datasets;
    private final DatasetUpload upload;
    private final PartedUpload parted;
    private final JsonMapper json;

    DatasetVersions(Datasets datasets, DatasetUpload upload, PartedUpload parted, JsonMapper json) {
        this.datasets = datasets;
        this.upload = upload;
        this.parted = parted;
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
            NewDataset.Intake intake,
            DatasetUpload.Wish wish)
            throws IOException {
        // Else what is wrong with them would be told of the merged ones.
        options.checked();
        return upload.upload(next(parent, more, options, intake), wish);
    }

    /** As {@link #create}, of files that arrived in parts. */
    DatasetUpload.Taken createOfUploads(
            DatasetId parent,
            List<UploadId> uploads,
            DatasetOptions options,
            NewDataset.Intake intake,
            DatasetUpload.Wish wish) {
        return parted.upload(
                "POST /v1/datasets/%s/versions".formatted(parent),
                uploads,
                options,
                files -> next(parent, files, options, intake),
                wish);
    }

    private NewDataset next(
            DatasetId parent,
            List<SourceFile> more,
            DatasetOptions options,
            NewDataset.Intake intake)
            throws IOException {
        var entry = datasets.entry(parent);
        var ready = entry.requireReady();
        var files = new ArrayList<>(datasets.sent(entry));
        more.forEach(file -> files.add(SentFile.fresh(file)));
        return new NewDataset(
                options.name() == null ? entry.name() : options.name(),
                files,
                inherit(ready.columns(), entry.options(), options),
                Optional.of(entry),
                intake);
    }

    /**
     * The types that the parent's columns have, its options over them, and the new ones over all.
     */
    private DatasetOptions inherit(
            List<Column> schema, DatasetOptions parent, DatasetOptions options) {
        Map<String, JsonNode> columns = new LinkedHashMap<>();
        for (var column : schema) {
            if (column.type().isWritten()) {
                columns.put(column.name(), ColumnOptions.word(column.type()));
            }
        }
        var merged = json.createObjectNode();
        for (var layer : List.of(parent, options)) {
            columns = layer.columnsOver(columns);
            merged.setAll(json.<ObjectNode>valueToTree(layer));
        }
        return json.treeToValue(merged, DatasetOptions.class)
                .withColumns(columns.isEmpty() ? null : columns);
    }
}
