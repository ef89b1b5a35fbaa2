package dev.hearth.sweep;

import dev.hearth.spec.Fields;
import dev.hearth.spec.Pointers;
import dev.hearth.spec.SpecErrors;
import dev.hearth.spec.Values;
import dev.hearth.spec.Wording;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads {@code parameters}: JSON Pointers into the run, and the values that may stand there. */
final class ParameterReader {

    static final String FIELD = "/parameters";
    static final int MOST_PARAMETERS = 50;

    private static final List<String> RANGE = List.of("min", "max", "scale", "type");
    private static final long MOST_INTEGER = 1L << 53;

    private enum Scale {
        LINEAR,
        LOG
    }

    private enum Type {
        FLOAT,
        INT
    }

    private final ObjectNode run;
    private final boolean grid;
    private final SpecErrors errors;

    /**
     * @param grid whether every value is tried, so that ranges are not allowed
     */
    ParameterReader(ObjectNode run, boolean grid, SpecErrors errors) {
        this.run = run;
        this.grid = grid;
        this.errors = errors;
    }

    /**
     * @param broken receives the names of those that have errors
     * @return those that have none
     */
    List<Parameter> read(JsonNode parameters, List<String> broken) {
        if (!parameters.isObject()) {
            new Values(errors)
                    .wrongType(
                            "an object such as {\"/optimizer/lr\": [0.1, 0.01]}",
                            parameters,
                            FIELD);
            return List.of();
        }
        if (parameters.isEmpty() || parameters.size() > MOST_PARAMETERS) {
            errors.add(
                    FIELD,
                    "expected 1 to %d values of the run, such as {\"/optimizer/lr\": [0.1, 0.01]}, got %d"
                            .formatted(MOST_PARAMETERS, parameters.size()));
            return List.of();
        }
        var read = new ArrayList<Parameter>();
        parameters
                .properties()
                .forEach(entry ->
                        parameter(entry.getKey(), entry.getValue())
                                .filter(parameter -> isApart(parameter, read))
                                .ifPresentOrElse(read::add, () -> broken.add(entry.getKey())));
        return read;
    }

    /** Where the parameter of this name stands in the body. */
    static String place(String name) {
        return Pointers.field(FIELD, name);
    }

    private Optional<Parameter> parameter(String name, JsonNode node) {
        Optional<JsonPointer> pointer = pointer(name);
        Optional<Domain> domain = domain(node, place(name));
        return pointer.flatMap(place -> domain.map(values -> new Parameter(place, values)));
    }

    private Optional<JsonPointer> pointer(String name) {
        if (!name.startsWith("/") || name.length() == 1) {
            reject(
                    name,
                    "expected a JSON Pointer into the run, got %s; write such as %s"
                            .formatted(Wording.quoted(name), Wording.quoted(likely(name))));
            return Optional.empty();
        }
        if (name.equals("/name")) {
            reject(name, "the best trial's model has the sweep's name; leave this out");
            return Optional.empty();
        }
        JsonPointer pointer = JsonPointer.compile(name);
        JsonNode parent = run.at(pointer.head());
        String found = place(pointer.head());
        JsonPointer last = pointer.last();
        if (parent.isObject()) {
            return Optional.of(pointer);
        }
        if (parent.isArray()) {
            if (last.getMatchingIndex() >= 0 && last.getMatchingIndex() < parent.size()) {
                return Optional.of(pointer);
            }
            reject(
                    name,
                    "%s has %d elements, counted from 0, and none is %s"
                            .formatted(
                                    found,
                                    parent.size(),
                                    Wording.quoted(last.getMatchingProperty())));
        } else if (parent.isMissingNode()) {
            reject(name, "the run has no %s that could have this field".formatted(found));
        } else {
            reject(
                    name,
                    "%s of the run is %s and has no fields; write it as an object%s"
                            .formatted(
                                    found,
                                    Wording.found(parent),
                                    parent.isString() ? ": {\"type\": " + parent + "}" : ""));
        }
        return Optional.empty();
    }

    private static String place(JsonPointer pointer) {
        return Wording.quoted(pointer.toString());
    }

    private static String likely(String name) {
        String path = name.strip().replace('.', '/');
        return path.isEmpty() || path.equals("/") ? "/optimizer/lr" : "/" + path;
    }

    /** Two parameters of which one is within the other would depend on their order. */
    private boolean isApart(Parameter parameter, List<Parameter> before) {
        Optional<Parameter> other =
                before.stream()
                        .filter(one -> one.covers(parameter.name()) || parameter.covers(one.name()))
                        .findFirst();
        other.ifPresent(one ->
                reject(
                        parameter.name(),
                        "it and %s are within one another; leave out one of them"
                                .formatted(Wording.quoted(one.name()))));
        return other.isEmpty();
    }

    private Optional<Domain> domain(JsonNode node, String place) {
        if (node.isArray()) {
            return choices(node, place);
        }
        if (!node.isObject()) {
            new Values(errors)
                    .wrongType("an array of values, or {\"min\": …, \"max\": …}", node, place);
            return Optional.empty();
        }
        if (grid) {
            errors.add(
                    place,
                    "a grid tries every value, so it needs an array of them; write one, or \"method\": \"random\"");
            return Optional.empty();
        }
        return Fields.open(node, place, "a range", RANGE, errors).flatMap(this::range);
    }

    private Optional<Domain> choices(JsonNode node, String place) {
        boolean good = !node.isEmpty() && node.size() <= Search.MOST_TRIALS;
        if (!good) {
            errors.add(
                    place,
                    "expected 1 to %s values, got %s"
                            .formatted(
                                    Wording.number(Search.MOST_TRIALS),
                                    Wording.number(node.size())));
        }
        var values = new ArrayList<JsonNode>();
        for (int i = 0; good && i < node.size(); i++) {
            int before = values.indexOf(node.get(i));
            if (before >= 0) {
                errors.add(
                        Pointers.element(place, i),
                        "the same as element %d; leave it out".formatted(before));
            }
            values.add(node.get(i));
        }
        return good && values.stream().distinct().count() == values.size()
                ? Optional.of(new Domain.Choices(values))
                : Optional.empty();
    }

    private Optional<Domain> range(Fields fields) {
        fields.required("min", "write the least value");
        fields.required("max", "write the greatest value");
        boolean log = fields.choice("scale", Scale.values(), Scale.LINEAR) == Scale.LOG;
        boolean whole = fields.choice("type", Type.values(), Type.FLOAT) == Type.INT;
        Optional<Domain> domain = whole ? integers(fields, log) : reals(fields, log);
        return fields.failed() ? Optional.empty() : domain;
    }

    private static Optional<Domain> reals(Fields fields, boolean log) {
        double min = fields.number("min", Values.Range.ANY, Double.NaN);
        double max = fields.number("max", Values.Range.ANY, Double.NaN);
        requireOrder(fields, min, max);
        requirePositive(fields, min, log);
        if (Double.isInfinite(max - min)) {
            fields.reject("max", "the range is wider than a number can be; make it narrower");
        }
        return Optional.of(new Domain.Reals(min, max, log));
    }

    private static Optional<Domain> integers(Fields fields, boolean log) {
        OptionalLong min = fields.integer("min", -MOST_INTEGER, MOST_INTEGER);
        OptionalLong max = fields.integer("max", -MOST_INTEGER, MOST_INTEGER);
        if (min.isEmpty() || max.isEmpty()) {
            return Optional.empty();
        }

        requireOrder(fields, (double) min.getAsLong(), (double) max.getAsLong());
        requirePositive(fields, (double) min.getAsLong(), log);

        return Optional.of(new Domain.Integers(min.getAsLong(), max.getAsLong(), log));
    }

    private static void requireOrder(Fields fields, double min, double max) {
        if (min >= max) {
            fields.reject("max", "expected more than min; exchange the two, or write an array");
        }
    }

    private static void requirePositive(Fields fields, double min, boolean log) {
        if (log && min <= 0) {
            fields.reject(
                    "min",
                    "a logarithmic scale begins above 0; raise it, or write \"scale\": \"linear\"");
        }
    }

    private void reject(String name, String message) {
        errors.add(place(name), message);
    }
}
