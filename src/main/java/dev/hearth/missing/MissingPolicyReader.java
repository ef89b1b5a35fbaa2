package dev.hearth.missing;

import dev.hearth.missing.MissingPolicy.Strategy;
import dev.hearth.problem.JsonPointer;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;

/**
 * Reads a policy: a strategy's name, or {@code {"strategy": "constant", "fill_value": 0}}.
 *
 * @param errors takes a JSON Pointer and what is wrong there
 */
public record MissingPolicyReader(BiConsumer<String, String> errors) {

    /** The fields of a policy that is written as an object. */
    public static final List<String> FIELDS = List.of("strategy", "fill_value");

    private static final String STRATEGY = FIELDS.get(0);
    private static final String FILL_VALUE = FIELDS.get(1);
    private static final String CONSTANT =
            "{\"strategy\": \"constant\", \"fill_value\": …}, with a number, a string or a boolean";

    /** Empty, with an error, if it is none. */
    public Optional<MissingPolicy> read(JsonNode node, String pointer) {
        if (node.isString()) {
            return strategy(node, pointer).flatMap(found -> plain(found, pointer));
        }
        if (!node.isObject()) {
            errors.accept(
                    pointer,
                    "expected one of %s, or %s, got %s"
                            .formatted(names(), CONSTANT, shortened(node.toString())));
            return Optional.empty();
        }
        boolean isKnown = true;
        for (String name : node.propertyNames()) {
            if (!FIELDS.contains(name)) {
                isKnown = false;
                errors.accept(
                        pointer + "/" + JsonPointer.escaped(name),
                        "unknown field; a policy has " + String.join(", ", FIELDS));
            }
        }
        Optional<Strategy> strategy = strategy(node.path(STRATEGY), pointer + "/" + STRATEGY);
        Optional<MissingPolicy> policy =
                strategy.flatMap(found ->
                        found == Strategy.CONSTANT
                                ? constant(node.path(FILL_VALUE), pointer + "/" + FILL_VALUE)
                                : without(found, node, pointer));
        return isKnown ? policy : Optional.empty();
    }

    private Optional<Strategy> strategy(JsonNode node, String pointer) {
        Optional<Strategy> strategy = node.asStringOpt().flatMap(Strategy::ofWireName);
        if (!node.isString() || strategy.isEmpty()) {
            errors.accept(
                    pointer,
                    "expected one of %s, got %s"
                            .formatted(
                                    names(),
                                    node.isMissingNode() ? "nothing" : shortened(node.toString())));
            return Optional.empty();
        }
        return strategy;
    }

    private Optional<MissingPolicy> plain(Strategy strategy, String pointer) {
        if (strategy == Strategy.CONSTANT) {
            errors.accept(pointer, "constant needs its value; write " + CONSTANT);
            return Optional.empty();
        }
        return Optional.of(MissingPolicy.of(strategy));
    }

    private Optional<MissingPolicy> without(Strategy strategy, JsonNode node, String pointer) {
        if (node.has(FILL_VALUE)) {
            errors.accept(
                    pointer + "/" + FILL_VALUE,
                    "only constant has it; %s finds its value itself"
                            .formatted(strategy.wireName()));
            return Optional.empty();
        }
        return Optional.of(MissingPolicy.of(strategy));
    }

    private Optional<MissingPolicy> constant(JsonNode value, String pointer) {
        boolean isCell =
                value.isNumber()
                        || value.isBoolean()
                        || (value.isString() && !value.stringValue().isBlank());
        if (!isCell) {
            errors.accept(
                    pointer,
                    "expected a number, a string that is not empty, or a boolean, got %s"
                            .formatted(
                                    value.isMissingNode()
                                            ? "nothing"
                                            : shortened(value.toString())));
            return Optional.empty();
        }
        return Optional.of(MissingPolicy.constant(value.asString()));
    }

    private static String names() {
        return String.join(", ", Strategy.wireNames());
    }

    private static String shortened(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }
}
