package dev.hearth.spec;

import dev.hearth.spec.TransformSpec.Interpolation;
import dev.hearth.spec.TransformSpec.Padding;
import dev.hearth.spec.TransformSpec.PaddingMode;
import dev.hearth.spec.TransformSpec.Range;
import dev.hearth.spec.TransformSpec.Size;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Reads the field {@code transforms}: a list, or an object of two. */
final class TransformReader {

    /** Of a picture's side, in pixels. */
    private static final long MAX_SIDE = 10_000;

    private static final int MAX_TRANSFORMS = 100;

    private static final Map<String, Interpolation> INTERPOLATIONS =
            words(
                    Map.entry("nearest", Interpolation.NEAREST),
                    Map.entry("bilinear", Interpolation.BILINEAR),
                    Map.entry("bicubic", Interpolation.BICUBIC));
    private static final Map<String, PaddingMode> PADDING_MODES =
            words(
                    Map.entry("constant", PaddingMode.CONSTANT),
                    Map.entry("edge", PaddingMode.EDGE),
                    Map.entry("reflect", PaddingMode.REFLECT),
                    Map.entry("symmetric", PaddingMode.SYMMETRIC));

    /** One transform of the vocabulary. */
    private record Kind(List<String> fields, Form form) {}

    private interface Form {
        Optional<TransformSpec> read(Fields fields);
    }

    private static final Types<Kind> KINDS = new Types<>("transform", kinds());

    private final SpecErrors errors;

    TransformReader(SpecErrors errors) {
        this.errors = errors;
    }

    static List<String> names() {
        var names = new ArrayList<>(KINDS.names());
        names.add("Compose");
        return names;
    }

    @SafeVarargs
    private static <T> Map<String, T> words(Map.Entry<String, T>... entries) {
        var words = new LinkedHashMap<String, T>();
        for (var entry : entries) {
            words.put(entry.getKey(), entry.getValue());
        }
        return words;
    }

    private static Map<String, Kind> kinds() {
        var kinds = new LinkedHashMap<String, Kind>();
        kinds.put(
                "Resize",
                new Kind(
                        List.of("size", "interpolation", "max_size", "antialias"),
                        TransformReader::resize));
        kinds.put(
                "CenterCrop",
                new Kind(List.of("size"), f -> size(f).map(TransformSpec.CenterCrop::new)));
        kinds.put(
                "RandomCrop",
                new Kind(
                        List.of("size", "padding", "pad_if_needed", "fill", "padding_mode"),
                        TransformReader::randomCrop));
        kinds.put(
                "RandomResizedCrop",
                new Kind(
                        List.of("size", "scale", "ratio", "interpolation", "antialias"),
                        TransformReader::randomResizedCrop));
        kinds.put(
                "RandomHorizontalFlip",
                new Kind(
                        List.of("p"),
                        f -> Optional.of(new TransformSpec.RandomHorizontalFlip(p(f)))));
        kinds.put(
                "RandomVerticalFlip",
                new Kind(
                        List.of("p"),
                        f -> Optional.of(new TransformSpec.RandomVerticalFlip(p(f)))));
        kinds.put(
                "RandomRotation",
                new Kind(
                        List.of("degrees", "interpolation", "expand", "fill"),
                        TransformReader::rotation));
        kinds.put(
                "ColorJitter",
                new Kind(
                        List.of("brightness", "contrast", "saturation", "hue"),
                        f ->
                                Optional.of(
                                        new TransformSpec.ColorJitter(
                                                factor(f, "brightness"),
                                                factor(f, "contrast"),
                                                factor(f, "saturation"),
                                                hue(f)))));
        kinds.put(
                "RandomErasing",
                new Kind(List.of("p", "scale", "ratio", "value"), TransformReader::erasing));
        kinds.put(
                "Pad",
                new Kind(
                        List.of("padding", "fill", "padding_mode"),
                        f -> {
                            f.required("padding", "write how many pixels to add");
                            return Optional.of(new TransformSpec.Pad(padding(f), fill(f), mode(f)));
                        }));
        kinds.put(
                "Grayscale",
                new Kind(
                        List.of("num_output_channels"),
                        f -> {
                            long channels = f.integer("num_output_channels", 1, 3).orElse(1);
                            if (channels == 2) {
                                f.reject("num_output_channels", "expected 1 or 3, got 2");
                            }
                            return Optional.of(new TransformSpec.Grayscale(channels));
                        }));
        kinds.put("ToTensor", new Kind(List.of(), _ -> Optional.of(new TransformSpec.ToTensor())));
        kinds.put(
                "ConvertImageDtype",
                new Kind(
                        List.of("dtype"),
                        f -> {
                            LayerKind.word(f, "dtype", Map.of("float32", true), true);
                            return Optional.of(new TransformSpec.ToTensor());
                        }));
        kinds.put("Normalize", new Kind(List.of("mean", "std"), TransformReader::normalize));
        return kinds;
    }

    /** The field's value. */
    Transforms read(JsonNode node, String pointer) {
        if (node.isArray() || !node.isObject() || node.has(Types.TYPE)) {
            return Transforms.of(list(node, pointer));
        }
        Optional<Fields> fields =
                Fields.open(node, pointer, "transforms", List.of("train", "eval"), errors);
        if (fields.isEmpty()) {
            return Transforms.NONE;
        }
        var train = part(fields.get(), "train");
        if (!fields.get().has("eval")) {
            return Transforms.of(train);
        }
        var eval = part(fields.get(), "eval");
        eval.stream()
                .filter(placed -> placed.transform().isRandom())
                .forEach(placed ->
                        errors.add(
                                placed.pointer(),
                                "evaluation and prediction have no chance in them; use a transform"
                                        + " that is not random"));
        return new Transforms(train, eval);
    }

    private List<Transforms.Placed> part(Fields fields, String name) {
        return fields.node(name).map(node -> list(node, fields.pointer(name))).orElse(List.of());
    }

    /** A list, a single one, or a {@code Compose}, which is a list. */
    private List<Transforms.Placed> list(JsonNode node, String pointer) {
        var placed = new ArrayList<Transforms.Placed>();
        if (!node.isArray()) {
            add(node, pointer, placed);
            return placed;
        }
        if (node.size() > MAX_TRANSFORMS) {
            errors.add(
                    pointer,
                    "expected at most %d transforms, got %d"
                            .formatted(MAX_TRANSFORMS, node.size()));
            return placed;
        }
        for (int i = 0; i < node.size(); i++) {
            add(node.get(i), Pointers.element(pointer, i), placed);
        }
        return placed;
    }

    private void add(JsonNode node, String pointer, List<Transforms.Placed> placed) {
        if (node.isObject() && isCompose(node)) {
            Fields.open(node, pointer, "Compose", Types.withType(List.of("transforms")), errors)
                    .flatMap(fields -> fields.required("transforms", "write a list"))
                    .ifPresent(inner ->
                            placed.addAll(list(inner, Pointers.field(pointer, "transforms"))));
            return;
        }
        one(node, pointer)
                .ifPresent(transform -> placed.add(new Transforms.Placed(transform, pointer)));
    }

    private static boolean isCompose(JsonNode node) {
        return node.optional(Types.TYPE)
                .filter(JsonNode::isString)
                .filter(type -> type.stringValue().equals("Compose"))
                .isPresent();
    }

    private Optional<TransformSpec> one(JsonNode node, String pointer) {
        var named = KINDS.ofNameOrObject(node, pointer, errors);
        if (named.isEmpty()) {
            return Optional.empty();
        }
        Kind kind = named.get().form();
        JsonNode object = node.isObject() ? node : JsonNodeFactory.instance.objectNode();
        return Fields.open(
                        object, pointer, named.get().name(), Types.withType(kind.fields()), errors)
                .flatMap(fields -> kind.form().read(fields).filter(_ -> !fields.failed()));
    }

    private static Optional<TransformSpec> resize(Fields fields) {
        Interpolation interpolation = interpolation(fields, Interpolation.BILINEAR);
        boolean antialias = fields.bool("antialias", true);
        OptionalLong most = fields.integer("max_size", 2, MAX_SIDE);
        Optional<JsonNode> size =
                fields.required("size", "write the shorter side, or [height, width]");
        if (size.isEmpty()) {
            return Optional.empty();
        }
        if (!size.get().isArray() || size.get().size() == 1) {
            OptionalLong shorter =
                    size.get().isArray()
                            ? OptionalLong.of(size(fields).map(Size::height).orElse(1L))
                            : fields.integer("size", 1, MAX_SIDE);
            if (shorter.isPresent()
                    && most.isPresent()
                    && most.getAsLong() <= shorter.getAsLong()) {
                fields.reject(
                        "max_size",
                        "expected more than the size %d, got %d"
                                .formatted(shorter.getAsLong(), most.getAsLong()));
            }
            return shorter.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            new TransformSpec.ResizeShorter(
                                    shorter.getAsLong(), most, interpolation, antialias));
        }
        if (most.isPresent()) {
            fields.reject("max_size", "goes with a size of one number only; leave it out");
        }
        return size(fields).map(both -> new TransformSpec.Resize(both, interpolation, antialias));
    }

    private static Optional<TransformSpec> randomCrop(Fields fields) {
        boolean padIfNeeded = fields.bool("pad_if_needed", false);
        Padding padding = padding(fields);
        double fill = fill(fields);
        PaddingMode mode = mode(fields);
        return size(fields)
                .map(size -> new TransformSpec.RandomCrop(size, padding, padIfNeeded, fill, mode));
    }

    private static Optional<TransformSpec> randomResizedCrop(Fields fields) {
        Range scale = range(fields, "scale", new Range(0.08, 1), Values.Range.ABOVE_ZERO_TO_ONE);
        Range ratio = range(fields, "ratio", new Range(3. / 4, 4. / 3), Values.Range.SCALE);
        Interpolation interpolation = interpolation(fields, Interpolation.BILINEAR);
        boolean antialias = fields.bool("antialias", true);
        return size(fields)
                .map(size ->
                        new TransformSpec.RandomResizedCrop(
                                size, scale, ratio, interpolation, antialias));
    }

    private static Optional<TransformSpec> rotation(Fields fields) {
        Interpolation interpolation = interpolation(fields, Interpolation.NEAREST);
        if (interpolation == Interpolation.BICUBIC) {
            fields.reject("interpolation", "expected nearest or bilinear, got \"bicubic\"");
        }
        boolean expand = fields.bool("expand", false);
        double fill = fill(fields);
        Optional<JsonNode> degrees =
                fields.required("degrees", "write a number, or [lowest, highest]");
        if (degrees.isEmpty()) {
            return Optional.empty();
        }
        Range range;
        if (degrees.get().isArray()) {
            range = range(fields, "degrees", new Range(0, 0), Values.Range.ANY);
        } else {
            double most = fields.number("degrees", Values.Range.NOT_NEGATIVE, 0);
            range = new Range(-most, most);
        }
        return Optional.of(new TransformSpec.RandomRotation(range, interpolation, expand, fill));
    }

    private static Optional<TransformSpec> erasing(Fields fields) {
        Range scale = range(fields, "scale", new Range(0.02, 0.33), Values.Range.ABOVE_ZERO_TO_ONE);
        Range ratio = range(fields, "ratio", new Range(0.3, 3.3), Values.Range.SCALE);
        double p = p(fields);
        Optional<JsonNode> value = fields.node("value");
        List<Double> values = List.of(0.);
        if (value.isPresent() && value.get().isString()) {
            LayerKind.word(fields, "value", Map.of("random", true), true);
            values = List.of();
        } else if (value.isPresent()) {
            values = numbers(fields, "value");
        }
        return Optional.of(new TransformSpec.RandomErasing(p, scale, ratio, values));
    }

    private static Optional<TransformSpec> normalize(Fields fields) {
        fields.required("mean", "write the mean of each channel");
        fields.required("std", "write the standard deviation of each channel");
        List<Double> mean = numbers(fields, "mean");
        List<Double> std = numbers(fields, "std");
        for (int i = 0; i < std.size(); i++) {
            if ((float) std.get(i).doubleValue() == 0) {
                fields.reject("std", "expected numbers other than 0, got 0 at place " + i);
            }
        }
        return Optional.of(new TransformSpec.Normalize(mean, std));
    }

    private static double p(Fields fields) {
        return fields.number("p", Values.Range.ZERO_TO_ONE, 0.5);
    }

    private static double fill(Fields fields) {
        return fields.number("fill", Values.Range.ANY, 0);
    }

    private static PaddingMode mode(Fields fields) {
        return LayerKind.word(fields, "padding_mode", PADDING_MODES, PaddingMode.CONSTANT);
    }

    private static Interpolation interpolation(Fields fields, Interpolation otherwise) {
        return LayerKind.word(fields, "interpolation", INTERPOLATIONS, otherwise);
    }

    /** One number for both sides, or {@code [height, width]}. */
    private static Optional<Size> size(Fields fields) {
        Optional<JsonNode> node = fields.required("size", "write a number, or [height, width]");
        if (node.isEmpty()) {
            return Optional.empty();
        }
        if (!node.get().isArray()) {
            OptionalLong side = fields.integer("size", 1, MAX_SIDE);
            return side.isPresent()
                    ? Optional.of(new Size(side.getAsLong(), side.getAsLong()))
                    : Optional.empty();
        }
        List<Long> sides = integers(fields, "size", 1);
        if (sides.size() == 1) {
            return Optional.of(new Size(sides.getFirst(), sides.getFirst()));
        }
        if (sides.size() != 2) {
            fields.reject("size", "expected a number or [height, width], got " + sides);
            return Optional.empty();
        }
        return Optional.of(new Size(sides.get(0), sides.get(1)));
    }

    /** One number, {@code [sides, top and bottom]}, or {@code [left, top, right, bottom]}. */
    private static Padding padding(Fields fields) {
        Optional<JsonNode> node = fields.node("padding");
        if (node.isEmpty()) {
            return Padding.NONE;
        }
        if (!node.get().isArray()) {
            long each = fields.integer("padding", 0, MAX_SIDE).orElse(0);
            return new Padding(each, each, each, each);
        }
        List<Long> each = integers(fields, "padding", 0);
        return switch (each.size()) {
            case 1 -> new Padding(each.get(0), each.get(0), each.get(0), each.get(0));
            case 2 -> new Padding(each.get(0), each.get(1), each.get(0), each.get(1));
            case 4 -> new Padding(each.get(0), each.get(1), each.get(2), each.get(3));
            default -> {
                fields.reject(
                        "padding",
                        "expected a number, [left and right, top and bottom] or [left, top, right,"
                                + " bottom], got "
                                + each);
                yield Padding.NONE;
            }
        };
    }

    private static List<Long> integers(Fields fields, String name, long least) {
        return fields.list(
                        name,
                        "a whole number or an array of them",
                        (values, element, pointer) -> {
                            OptionalLong value = values.integer(element, pointer, least, MAX_SIDE);
                            return value.isPresent()
                                    ? Optional.of(value.getAsLong())
                                    : Optional.empty();
                        })
                .orElse(List.of());
    }

    /** A number, or an array of them. */
    private static List<Double> numbers(Fields fields, String name) {
        Optional<JsonNode> node = fields.node(name);
        if (node.isPresent() && !node.get().isArray()) {
            return List.of(fields.number(name, Values.Range.ANY, 1));
        }
        return fields.list(
                        name,
                        "a number or an array of them",
                        (values, element, pointer) -> {
                            OptionalDouble value =
                                    values.number(element, pointer, Values.Range.ANY);
                            return value.isPresent()
                                    ? Optional.of(value.getAsDouble())
                                    : Optional.empty();
                        })
                .orElse(List.of());
    }

    /** {@code [lowest, highest]}. */
    private static Range range(Fields fields, String name, Range otherwise, Values.Range allowed) {
        Optional<List<Double>> both =
                fields.list(
                        name,
                        "[lowest, highest]",
                        (values, element, pointer) -> {
                            OptionalDouble value = values.number(element, pointer, allowed);
                            return value.isPresent()
                                    ? Optional.of(value.getAsDouble())
                                    : Optional.empty();
                        });
        if (both.isEmpty() || fields.failed()) {
            return otherwise;
        }
        List<Double> ends = both.get();
        if (ends.size() != 2 || ends.get(0) > ends.get(1)) {
            fields.reject(name, "expected [lowest, highest], got " + ends);
            return otherwise;
        }
        return new Range(ends.get(0), ends.get(1));
    }

    /** A number, for that much around 1, or {@code [lowest, highest]}; empty for no change. */
    private static Optional<Range> factor(Fields fields, String name) {
        Optional<JsonNode> node = fields.node(name);
        if (node.isEmpty()) {
            return Optional.empty();
        }
        Range range;
        if (node.get().isArray()) {
            range = range(fields, name, new Range(1, 1), Values.Range.NOT_NEGATIVE);
        } else {
            double around = fields.number(name, Values.Range.NOT_NEGATIVE, 0);
            range = new Range(Math.max(0, 1 - around), 1 + around);
        }
        return range.low() == 1 && range.high() == 1 ? Optional.empty() : Optional.of(range);
    }

    private static Optional<Range> hue(Fields fields) {
        Optional<JsonNode> node = fields.node("hue");
        if (node.isEmpty()) {
            return Optional.empty();
        }
        Range range;
        if (node.get().isArray()) {
            range = range(fields, "hue", new Range(0, 0), Values.Range.COSINE);
        } else {
            double around = fields.number("hue", Values.Range.ZERO_TO_ONE, 0);
            range = new Range(-around, around);
        }
        if (range.low() < -0.5 || range.high() > 0.5) {
            fields.reject("hue", "expected values from -0.5 to 0.5");
            return Optional.empty();
        }
        return range.low() == 0 && range.high() == 0 ? Optional.empty() : Optional.of(range);
    }
}
