package dev.hearth.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Reads linear layers and embeddings. */
final class ProjectionReader {

    private ProjectionReader() {}

    static Map<String, LayerKind> kinds() {
        var kinds = new LinkedHashMap<String, LayerKind>();
        kinds.put(
                "Linear",
                LayerKind.checked(
                        List.of("in_features", "out_features", "bias"), ProjectionReader::linear));
        kinds.put(
                "Bilinear",
                LayerKind.leaf(
                        List.of("in1_features", "in2_features", "out_features", "bias"),
                        ProjectionReader::bilinear));
        kinds.put(
                "Embedding",
                LayerKind.checked(
                        List.of("num_embeddings", "embedding_dim", "padding_idx"),
                        ProjectionReader::embedding));
        return kinds;
    }

    private static Optional<LayerSpec> linear(Fields fields) {
        OptionalLong in = fields.integer("in_features", 1, Long.MAX_VALUE);
        fields.required("out_features", "write how many outputs the layer has");
        OptionalLong out = fields.integer("out_features", 1, Long.MAX_VALUE);
        boolean bias = fields.bool("bias", true);
        return out.isPresent()
                ? Optional.of(new Projection.Linear(in, out.getAsLong(), bias))
                : Optional.empty();
    }

    private static LayerSpec bilinear(Fields fields) {
        return new Projection.Bilinear(
                LayerKind.inferred(fields, "in1_features"),
                LayerKind.inferred(fields, "in2_features"),
                LayerKind.required(fields, "out_features", "write how many outputs the layer has"),
                fields.bool("bias", true));
    }

    private static Optional<LayerSpec> embedding(Fields fields) {
        long rows =
                LayerKind.required(
                        fields, "num_embeddings", "write one more than the largest input");
        long width =
                LayerKind.required(
                        fields, "embedding_dim", "write how many numbers stand for each input");
        OptionalLong padding = fields.integer("padding_idx", -rows, rows - 1);
        if (fields.failed()) {
            return Optional.empty();
        }
        // As in PyTorch, a negative one counts from the end.
        OptionalInt row =
                padding.isPresent()
                        ? OptionalInt.of((int) Math.floorMod(padding.getAsLong(), rows))
                        : OptionalInt.empty();
        return Optional.of(new Projection.Embedding(rows, width, row));
    }
}
