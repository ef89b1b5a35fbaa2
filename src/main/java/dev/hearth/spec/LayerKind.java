package dev.hearth.spec;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * A kind of layer: its fields and how they are read.
 *
 * @param fields but {@code type}
 */
record LayerKind(List<String> fields, Form form) {

    /** More than any tensor has; whether this one has it is seen when shapes are. */
    private static final int MAX_DIMENSION = 64;

    /** Of one dimension; what is larger does not fit whatever the input is. */
    static final long MAX_EXTENT = 1_000_000_000;

    /** What a window is made of. */
    static final long MAX_STEP = 1_000_000;

    interface Form {
        Draft read(LayerReader reader, Fields fields, int depth);
    }

    /** A layer without layers in it. */
    static LayerKind leaf(List<String> fields, Function<Fields, LayerSpec> read) {
        return checked(fields, given -> Optional.of(read.apply(given)));
    }

    /** One whose constructor may only see values that have been read well. */
    static LayerKind checked(List<String> fields, Function<Fields, Optional<LayerSpec>> read) {
        return new LayerKind(
                fields,
                (_, given, _) -> {
                    Optional<LayerSpec> spec = read.apply(given);
                    return spec.isPresent() && !given.failed()
                            ? new Draft.Leaf(spec.get(), Initialization.NONE)
                            : new Draft.Gap();
                });
    }

    /** The same with a field that says what its parameters begin with. */
    LayerKind initialized() {
        var all = new ArrayList<>(fields);
        all.add(InitializationReader.INIT);
        return new LayerKind(
                List.copyOf(all),
                (reader, given, depth) -> {
                    Draft draft = form.read(reader, given, depth);
                    Initialization init = InitializationReader.read(given, false, reader.errors());
                    return draft instanceof Draft.Leaf(LayerSpec spec, _)
                            ? new Draft.Leaf(spec, init)
                            : draft;
                });
    }

    static LayerKind plain(LayerSpec spec) {
        return leaf(List.of(), _ -> spec);
    }

    static int dimension(Fields fields, String name, int otherwise) {
        OptionalLong value = fields.integer(name, -MAX_DIMENSION, MAX_DIMENSION);
        return value.isPresent() ? Math.toIntExact(value.getAsLong()) : otherwise;
    }

    /** An extent that must be given; 1 where it is missing, with an error. */
    static long required(Fields fields, String name, String mend) {
        fields.required(name, mend);
        return fields.integer(name, 1, MAX_EXTENT).orElse(1);
    }

    static long integer(Fields fields, String name, long least, long otherwise) {
        return fields.integer(name, least, MAX_EXTENT).orElse(otherwise);
    }

    /** An extent that can be inferred. */
    static OptionalLong inferred(Fields fields, String name) {
        return fields.integer(name, 1, MAX_EXTENT);
    }

    /** {@code null} for none, as in PyTorch; left out for {@code otherwise}. */
    static OptionalDouble numberOrNull(Fields fields, String name, double otherwise) {
        boolean isNull = fields.node(name).filter(JsonNode::isNull).isPresent();
        return isNull
                ? OptionalDouble.empty()
                : OptionalDouble.of(fields.number(name, Values.Range.ZERO_TO_ONE, otherwise));
    }

    /**
     * A whole number for all of {@code dims} dimensions, or an array of one for each.
     *
     * @return {@code dims} numbers; {@code otherwise} where there are none
     */
    static List<Long> extents(
            Fields fields, String name, int dims, long least, List<Long> otherwise) {
        Optional<JsonNode> node = fields.node(name);
        if (node.isEmpty()) {
            return otherwise;
        }
        if (!node.get().isArray()) {
            OptionalLong all = fields.integer(name, least, MAX_STEP);
            return all.isPresent() ? Collections.nCopies(dims, all.getAsLong()) : otherwise;
        }
        Optional<List<Long>> each =
                fields.list(
                        name,
                        "a whole number or an array of them",
                        (values, element, pointer) ->
                                values.integer(element, pointer, least, MAX_STEP).stream()
                                        .boxed()
                                        .findFirst());
        if (node.get().size() != dims) {
            fields.reject(
                    name,
                    "expected a whole number, or %d of them, got %d; write one for all dimensions"
                            .formatted(dims, node.get().size()));
            return otherwise;
        }
        return each.filter(read -> read.size() == dims).orElse(otherwise);
    }

    /** One of some words. */
    static <T> T word(Fields fields, String name, Map<String, T> words, T otherwise) {
        Optional<String> given = fields.string(name);
        if (given.isEmpty()) {
            return otherwise;
        }
        T known = words.get(given.get());
        if (known == null) {
            fields.reject(
                    name,
                    "expected one of %s, got %s%s"
                            .formatted(
                                    String.join(", ", words.keySet()),
                                    Wording.quoted(given.get()),
                                    Wording.didYouMean(given.get(), List.copyOf(words.keySet()))));
            return otherwise;
        }
        return known;
    }
}
