package dev.hearth.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/**
 * A JSON object of a closed form, read field by field. What is wrong is recorded and the default
 * taken instead, so that reading goes on and finds the next error.
 */
public final class Fields {

    private final JsonNode object;
    private final String pointer;
    private final Values values;
    private boolean failed;

    private Fields(JsonNode object, String pointer, Values values) {
        this.object = object;
        this.pointer = pointer;
        this.values = values;
    }

    /**
     * Empty, and an error, if {@code node} is no object; an error for each field not among {@code
     * known}.
     *
     * @param owner what has the fields, to begin a sentence with
     */
    public static Optional<Fields> open(
            JsonNode node, String pointer, String owner, List<String> known, SpecErrors errors) {
        var values = new Values(errors);
        if (!node.isObject()) {
            values.wrongType("an object", node, pointer);
            return Optional.empty();
        }
        for (String name : node.propertyNames()) {
            if (!known.contains(name)) {
                errors.add(
                        Pointers.field(pointer, name),
                        "unknown field %s; %s has %s%s"
                                .formatted(
                                        Wording.quoted(name),
                                        owner,
                                        String.join(", ", known),
                                        Wording.didYouMean(name, known)));
            }
        }
        return Optional.of(new Fields(node, pointer, values));
    }

    /** An object whose form is not known, because what tells it is an error already. */
    static Optional<Fields> unchecked(JsonNode node, String pointer, SpecErrors errors) {
        return Optional.of(new Fields(node, pointer, new Values(errors)));
    }

    /** Whether a field that was asked for had a value that cannot be used. */
    public boolean failed() {
        return failed;
    }

    public String pointer(String name) {
        return Pointers.field(pointer, name);
    }

    public boolean has(String name) {
        return object.has(name);
    }

    /** The field's value, whatever it is. */
    public Optional<JsonNode> node(String name) {
        return Optional.ofNullable(object.get(name));
    }

    /** The field's value, or an error that it is missing. */
    public Optional<JsonNode> required(String name, String mend) {
        Optional<JsonNode> node = node(name);
        if (node.isEmpty()) {
            reject(name, "required, but missing; " + mend);
        }
        return node;
    }

    /** Records an error of a field. */
    public void reject(String name, String message) {
        failed = true;
        values.errors().add(pointer(name), message);
    }

    /** A text that is not blank; empty, and an error, for anything else. */
    public Optional<String> string(String name) {
        return node(name).flatMap(node -> noted(values.string(node, pointer(name))));
    }

    public boolean bool(String name, boolean otherwise) {
        return bool(name).orElse(otherwise);
    }

    /** Empty if it is not there; empty, and an error, if it is anything else. */
    public Optional<Boolean> bool(String name) {
        return node(name).flatMap(node -> noted(values.bool(node, pointer(name))));
    }

    /** A whole number; empty, and an error, for anything else. */
    public OptionalLong integer(String name, long min, long max) {
        Optional<JsonNode> node = node(name);
        if (node.isEmpty()) {
            return OptionalLong.empty();
        }
        OptionalLong value = values.integer(node.get(), pointer(name), min, max);
        failed |= value.isEmpty();
        return value;
    }

    /** A finite number; {@code otherwise}, and an error, for anything else. */
    public double number(String name, Values.Range range, double otherwise) {
        Optional<JsonNode> node = node(name);
        if (node.isEmpty()) {
            return otherwise;
        }
        OptionalDouble value = values.number(node.get(), pointer(name), range);
        failed |= value.isEmpty();
        return value.orElse(otherwise);
    }

    /**
     * One of the names of an enumeration, in lower case; {@code otherwise}, and an error, for
     * others.
     */
    public <E extends Enum<E>> E choice(String name, E[] all, E otherwise) {
        Optional<String> given = string(name);
        if (given.isEmpty()) {
            return otherwise;
        }
        var names = new ArrayList<String>();
        for (E one : all) {
            String word = one.name().toLowerCase(Locale.ROOT);
            if (word.equals(given.get())) {
                return one;
            }
            names.add(word);
        }
        reject(
                name,
                "expected %s, got %s%s"
                        .formatted(
                                String.join(" or ", names),
                                Wording.quoted(given.get()),
                                Wording.didYouMean(given.get(), names)));
        return otherwise;
    }

    /** The elements of an array that are as they should be, or empty where there is no array. */
    <T> Optional<List<T>> list(String name, String expected, Element<T> element) {
        Optional<JsonNode> node = node(name);
        if (node.isEmpty()) {
            return Optional.empty();
        }
        if (!node.get().isArray()) {
            failed = true;
            values.wrongType(expected, node.get(), pointer(name));
            return Optional.empty();
        }
        var elements = new ArrayList<T>();
        for (int i = 0; i < node.get().size(); i++) {
            Optional<T> read =
                    element.read(values, node.get().get(i), Pointers.element(pointer(name), i));
            failed |= read.isEmpty();
            read.ifPresent(elements::add);
        }
        return Optional.of(elements);
    }

    /** A field of the object in a field; an error and empty if it is not as it should be. */
    <T> Optional<T> nested(String name, String key, Element<T> element) {
        return node(name)
                .flatMap(inner -> Optional.ofNullable(inner.get(key)))
                .flatMap(node ->
                        noted(element.read(values, node, Pointers.field(pointer(name), key))));
    }

    /** Reads one element of an array; an error and empty if it is not as it should be. */
    interface Element<T> {
        Optional<T> read(Values values, JsonNode node, String pointer);
    }

    private <T> Optional<T> noted(Optional<T> read) {
        failed |= read.isEmpty();
        return read;
    }
}
