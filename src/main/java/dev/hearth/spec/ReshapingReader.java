package dev.hearth.spec;

import dev.hearth.spec.Reshaping.Upsample.Mode;
import dev.hearth.spec.Values.Range;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/** Reads the layers that rearrange, and those that drop. */
final class ReshapingReader {

    private ReshapingReader() {}

    static Map<String, LayerKind> kinds() {
        var kinds = new LinkedHashMap<String, LayerKind>();
        List<String> p = List.of("p");
        kinds.put("Dropout", LayerKind.leaf(p, f -> new Noise.Dropout(drop(f))));
        kinds.put("Dropout2d", LayerKind.leaf(p, f -> new Noise.Dropout2d(drop(f))));
        kinds.put("AlphaDropout", LayerKind.leaf(p, f -> new Noise.AlphaDropout(drop(f))));
        kinds.put(
                "Flatten",
                LayerKind.leaf(
                        List.of("start_dim", "end_dim"),
                        f ->
                                new Reshaping.Flatten(
                                        LayerKind.dimension(f, "start_dim", 1),
                                        LayerKind.dimension(f, "end_dim", -1))));
        kinds.put(
                "Unflatten",
                LayerKind.checked(List.of("dim", "unflattened_size"), ReshapingReader::unflatten));
        kinds.put("Identity", LayerKind.plain(new Reshaping.Identity()));
        kinds.put(
                "Upsample",
                LayerKind.checked(
                        List.of("size", "scale_factor", "mode", "align_corners"),
                        ReshapingReader::upsample));
        kinds.put("ZeroPad2d", LayerKind.checked(List.of("padding"), ReshapingReader::pad));
        kinds.put(
                "PixelShuffle",
                LayerKind.leaf(
                        List.of("upscale_factor"),
                        f -> {
                            f.required("upscale_factor", "write how much larger the image becomes");
                            long factor =
                                    f.integer("upscale_factor", 1, LayerKind.MAX_STEP).orElse(1);
                            return new Reshaping.PixelShuffle(factor);
                        }));
        return kinds;
    }

    private static double drop(Fields fields) {
        return fields.number("p", Range.FRACTION, 0.5);
    }

    private static Optional<LayerSpec> unflatten(Fields fields) {
        fields.required("dim", "write 1 for the first dimension of a sample, or -1 for the last");
        int dim = LayerKind.dimension(fields, "dim", 1);
        fields.required("unflattened_size", "write the new extents, such as [1, 8, 8]");
        Optional<List<Long>> sizes =
                fields.list(
                        "unflattened_size",
                        "an array of whole numbers",
                        (values, node, pointer) -> extent(values, node, pointer));
        if (sizes.isEmpty() || fields.failed()) {
            return Optional.empty();
        }
        if (sizes.get().isEmpty() || sizes.get().size() > SpecReader.MAX_INPUT_DIMENSIONS) {
            fields.reject(
                    "unflattened_size",
                    "expected 1 to %d extents, got %d; write such as [1, 8, 8]"
                            .formatted(SpecReader.MAX_INPUT_DIMENSIONS, sizes.get().size()));
            return Optional.empty();
        }
        if (Collections.frequency(sizes.get(), -1L) > 1) {
            fields.reject("unflattened_size", "expected at most one -1; write the others out");
            return Optional.empty();
        }
        return Optional.of(new Reshaping.Unflatten(dim, sizes.get()));
    }

    private static Optional<Long> extent(Values values, JsonNode node, String pointer) {
        OptionalLong size = values.integer(node, pointer, -1, LayerKind.MAX_EXTENT);
        if (size.isPresent() && size.getAsLong() == 0) {
            values.errors()
                    .add(pointer, "expected at least 1, or -1 for what is left, got 0; write -1");
            return Optional.empty();
        }
        return size.stream().boxed().findFirst();
    }

    private static Optional<LayerSpec> upsample(Fields fields) {
        Mode mode =
                LayerKind.word(
                        fields,
                        "mode",
                        Map.of(Mode.NEAREST.word, Mode.NEAREST, Mode.BILINEAR.word, Mode.BILINEAR),
                        Mode.NEAREST);
        boolean alignCorners = fields.bool("align_corners", false);
        if (mode == Mode.NEAREST && fields.has("align_corners")) {
            fields.reject("align_corners", "only mode bilinear has it; leave it out");
        }
        if (fields.has("size") == fields.has("scale_factor")) {
            fields.reject(
                    "scale_factor",
                    fields.has("size")
                            ? "size says it already; leave one of the two out"
                            : "required, but missing; write it or size");
        }
        List<Long> size = each(fields, "size");
        List<Double> scale =
                fields.node("scale_factor").filter(JsonNode::isArray).isPresent()
                        ? fields.list(
                                        "scale_factor",
                                        "an array of numbers",
                                        (values, node, pointer) ->
                                                values.number(node, pointer, Range.SCALE).stream()
                                                        .boxed()
                                                        .findFirst())
                                .orElse(List.of())
                        : fields.has("scale_factor")
                                ? List.of(fields.number("scale_factor", Range.SCALE, 1))
                                : List.of();
        if (!fields.failed() && size.isEmpty() && scale.isEmpty()) {
            fields.reject(
                    fields.has("size") ? "size" : "scale_factor", "expected at least one value");
        }
        return fields.failed()
                ? Optional.empty()
                : Optional.of(new Reshaping.Upsample(size, scale, mode, alignCorners));
    }

    private static List<Long> each(Fields fields, String name) {
        Optional<JsonNode> node = fields.node(name);
        return node.isEmpty()
                ? List.of()
                : LayerKind.extents(
                        fields, name, node.get().isArray() ? node.get().size() : 1, 1, List.of());
    }

    private static Optional<LayerSpec> pad(Fields fields) {
        fields.required("padding", "write one number, or [left, right, top, bottom]");
        List<Long> sides =
                LayerKind.extents(
                        fields, "padding", 4, -LayerKind.MAX_STEP, Collections.nCopies(4, 0L));
        return fields.failed()
                ? Optional.empty()
                : Optional.of(
                        new Reshaping.ZeroPad2d(
                                sides.get(0), sides.get(1), sides.get(2), sides.get(3)));
    }
}
