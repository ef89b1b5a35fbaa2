package dev.hearth.sweep;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Values for a run, by JSON Pointers into it.
 *
 * @param values in the order in which they are drawn and shown
 */
record Combination(Map<String, JsonNode> values) {

    Combination {
        values = new LinkedHashMap<>(values);
    }

    /** Reads what {@link #json()} wrote. */
    static Combination parse(String json) {
        var values = new LinkedHashMap<String, JsonNode>();
        JsonMapper.shared()
                .readTree(json)
                .properties()
                .forEach(entry -> values.put(entry.getKey(), entry.getValue()));
        return new Combination(values);
    }

    /** As an object. */
    String json() {
        ObjectNode object = JsonMapper.shared().createObjectNode();
        values.forEach(object::set);
        return object.toString();
    }

    /**
     * The run with these values; {@code run} stays as it is.
     *
     * @param run where each value's place, or the object that it is a field of, is there
     */
    ObjectNode in(ObjectNode run) {
        ObjectNode changed = run.deepCopy();
        values.forEach((pointer, value) -> put(changed, JsonPointer.compile(pointer), value));
        return changed;
    }

    private static void put(ObjectNode run, JsonPointer pointer, JsonNode value) {
        JsonNode parent = run.at(pointer.head());
        JsonPointer last = pointer.last();
        switch (parent) {
            case ObjectNode object -> object.set(last.getMatchingProperty(), value);
            case ArrayNode array -> array.set(last.getMatchingIndex(), value);
            default ->
                    throw new IllegalArgumentException(
                            "there is no place for " + pointer + " in the run");
        }
    }
}
