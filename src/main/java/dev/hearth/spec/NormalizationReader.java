package dev.hearth.spec;

import dev.hearth.spec.Values.Range;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/** Reads normalisations. */
final class NormalizationReader {

    private static final List<String> TRACKING =
            List.of("num_features", "eps", "momentum", "affine", "track_running_stats");

    private NormalizationReader() {}

    static Map<String, LayerKind> kinds() {
        var kinds = new LinkedHashMap<String, LayerKind>();
        for (int dims = 1; dims <= 3; dims++) {
            int each = dims;
            kinds.put("BatchNorm" + each + "d", LayerKind.leaf(TRACKING, f -> batch(f, each)));
        }
        kinds.put(
                "LayerNorm",
                LayerKind.leaf(
                        List.of("normalized_shape", "eps", "elementwise_affine", "bias"),
                        NormalizationReader::layer));
        kinds.put(
                "GroupNorm",
                LayerKind.leaf(
                        List.of("num_groups", "num_channels", "eps", "affine"),
                        NormalizationReader::group));
        kinds.put("InstanceNorm2d", LayerKind.leaf(TRACKING, NormalizationReader::instance));
        return kinds;
    }

    private static LayerSpec batch(Fields fields, int dims) {
        return new Normalization.BatchNorm(
                dims,
                LayerKind.inferred(fields, "num_features"),
                eps(fields),
                LayerKind.numberOrNull(fields, "momentum", 0.1),
                fields.bool("affine", true),
                fields.bool("track_running_stats", true));
    }

    private static LayerSpec instance(Fields fields) {
        OptionalLong features = LayerKind.inferred(fields, "num_features");
        double momentum = fields.number("momentum", Range.ZERO_TO_ONE, 0.1);
        return new Normalization.InstanceNorm2d(
                features,
                eps(fields),
                OptionalDouble.of(momentum),
                fields.bool("affine", false),
                fields.bool("track_running_stats", false));
    }

    private static LayerSpec layer(Fields fields) {
        Optional<JsonNode> shape = fields.node("normalized_shape");
        List<Long> extents =
                shape.isEmpty()
                        ? List.of()
                        : LayerKind.extents(
                                fields,
                                "normalized_shape",
                                shape.get().isArray() ? shape.get().size() : 1,
                                1,
                                List.of());
        return new Normalization.LayerNorm(
                extents,
                eps(fields),
                fields.bool("elementwise_affine", true),
                fields.bool("bias", true));
    }

    private static LayerSpec group(Fields fields) {
        return new Normalization.GroupNorm(
                LayerKind.required(fields, "num_groups", "write into how many groups channels go"),
                LayerKind.inferred(fields, "num_channels"),
                eps(fields),
                fields.bool("affine", true));
    }

    private static double eps(Fields fields) {
        return fields.number("eps", Range.NOT_NEGATIVE, 1e-5);
    }
}
