package dev.hearth.serving;

import dev.hearth.model.Target;
import dev.hearth.problem.JsonPointer;
import dev.hearth.problem.Violation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads what a golden row is expected to be answered with: fields of a prediction, and a tolerance
 * for their numbers.
 *
 * @param target of the version that is to answer
 * @param violations to which all that is wrong is added
 */
record ExpectationReader(Target target, List<Violation> violations) {

    private static final String TOLERANCE = "tolerance";

    /** The expectation; of use only where nothing was wrong. */
    Expectation read(JsonNode expect, String pointer) {
        List<String> fields = fields();
        if (!expect.isObject() || fields.stream().noneMatch(expect::has)) {
            refuse(
                    pointer,
                    "expected an object with %s, such as {\"%s\": …}"
                            .formatted(String.join(" or ", fields), fields.getFirst()));
            return nothing();
        }
        for (String field : expect.propertyNames()) {
            if (!fields.contains(field) && !field.equals(TOLERANCE)) {
                refuse(
                        pointer + "/" + JsonPointer.escaped(field),
                        "unknown field; this model's answers have %s, and there is tolerance"
                                .formatted(fields));
            }
        }
        return new Expectation(
                optional(expect, "label", pointer, this::label),
                named(expect, "labels", pointer, target.columns(), this::flag),
                named(expect, "probabilities", pointer, outputs(), this::probability),
                optional(expect, "value", pointer, this::number),
                named(expect, "values", pointer, target.columns(), this::number),
                new Closeness(optional(expect, TOLERANCE, pointer, this::tolerance)));
    }

    private static Expectation nothing() {
        return new Expectation(
                Optional.empty(),
                Map.of(),
                Map.of(),
                Optional.empty(),
                Map.of(),
                new Closeness(Optional.empty()));
    }

    /** Of a prediction of this kind. */
    private List<String> fields() {
        return switch (target.task()) {
            case REGRESSION -> List.of(target.columns().size() == 1 ? "value" : "values");
            case DISTRIBUTION -> List.of("probabilities");
            case BINARY_CLASSIFICATION, CLASSIFICATION -> List.of("label", "probabilities");
            case MULTI_LABEL -> List.of("labels", "probabilities");
            case SIMILARITY -> List.of("label", "value");
        };
    }

    private List<String> outputs() {
        return switch (target.task()) {
            case BINARY_CLASSIFICATION, CLASSIFICATION -> target.classes();
            case REGRESSION, DISTRIBUTION, MULTI_LABEL, SIMILARITY -> target.columns();
        };
    }

    private static <T> Optional<T> optional(
            JsonNode expect,
            String field,
            String pointer,
            BiFunction<JsonNode, String, @Nullable T> reader) {
        return expect.has(field)
                ? Optional.ofNullable(reader.apply(expect.get(field), pointer + "/" + field))
                : Optional.empty();
    }

    private <T> Map<String, T> named(
            JsonNode expect,
            String field,
            String pointer,
            List<String> names,
            BiFunction<JsonNode, String, @Nullable T> reader) {
        var read = new LinkedHashMap<String, T>();
        if (!expect.has(field)) {
            return read;
        }
        JsonNode node = expect.get(field);
        if (!node.isObject() || node.isEmpty()) {
            refuse(pointer + "/" + field, "expected an object by " + abridged(names));
            return read;
        }
        node.properties().forEach(each -> {
            String at = pointer + "/" + field + "/" + JsonPointer.escaped(each.getKey());
            if (!names.contains(each.getKey())) {
                refuse(at, "unknown; the model knows " + abridged(names));
                return;
            }
            T value = reader.apply(each.getValue(), at);
            if (value != null) {
                read.put(each.getKey(), value);
            }
        });
        return read;
    }

    private @Nullable Object label(JsonNode node, String pointer) {
        Optional<Object> known =
                IntStream.range(0, target.classes().size())
                        .mapToObj(target::label)
                        .filter(each -> isSame(each, node))
                        .findFirst();
        if (known.isEmpty()) {
            refuse(
                    pointer,
                    "expected one of %s, got %s".formatted(abridged(target.classes()), shown(node)));
        }
        return known.orElse(null);
    }

    private @Nullable Object flag(JsonNode node, String pointer) {
        for (boolean yes : new boolean[] {true, false}) {
            if (isSame(target.label(yes), node)) {
                return target.label(yes);
            }
        }
        refuse(
                pointer,
                "expected %s or %s, got %s"
                        .formatted(target.label(true), target.label(false), shown(node)));
        return null;
    }

    private static boolean isSame(Object label, JsonNode node) {
        return switch (label) {
            case Number number -> node.isNumber() && node.doubleValue() == number.doubleValue();
            case Boolean flag -> node.isBoolean() && node.booleanValue() == flag;
            default -> node.isString() && node.stringValue().equals(label);
        };
    }

    private @Nullable Double probability(JsonNode node, String pointer) {
        return number(node, pointer, 0, 1, "a number from 0 to 1");
    }

    private @Nullable Double number(JsonNode node, String pointer) {
        return number(node, pointer, -Double.MAX_VALUE, Double.MAX_VALUE, "a finite number");
    }

    private @Nullable Double tolerance(JsonNode node, String pointer) {
        return number(node, pointer, 0, Double.MAX_VALUE, "a number of at least 0");
    }

    private @Nullable Double number(
            JsonNode node, String pointer, double least, double most, String expected) {
        double value = node.isNumber() ? node.doubleValue() : Double.NaN;
        if (value >= least && value <= most) {
            return value;
        }
        refuse(pointer, "expected %s, got %s".formatted(expected, shown(node)));
        return null;
    }

    private void refuse(String pointer, String message) {
        violations.add(new Violation(pointer, message));
    }

    private static String shown(JsonNode node) {
        String text = node.toString();
        return text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }

    private static String abridged(List<String> names) {
        return names.size() > 20
                ? "%s and %d more".formatted(names.subList(0, 20), names.size() - 20)
                : names.toString();
    }
}
