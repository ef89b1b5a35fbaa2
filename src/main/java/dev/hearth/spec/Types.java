package dev.hearth.spec;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A closed set of forms, told apart by their names.
 *
 * @param what they are, in the singular
 * @param forms by name, in the order in which they are listed
 */
record Types<T>(String what, Map<String, T> forms) {

    static final String TYPE = "type";

    private static final int LONG_LIST = 20;

    /** One of them. */
    record Named<T>(String name, T form) {}

    /** The fields of an object: its type and its own. */
    static List<String> withType(List<String> fields) {
        return Stream.concat(Stream.of(TYPE), fields.stream()).toList();
    }

    List<String> names() {
        return List.copyOf(forms.keySet());
    }

    /** By the {@code type} of an object, or by the bare name that stands for it. */
    Optional<Named<T>> ofNameOrObject(JsonNode node, String pointer, SpecErrors errors) {
        return node.isString() ? ofName(node, pointer, errors) : ofObject(node, pointer, errors);
    }

    /** By the {@code type} of an object; an error and empty if there is none that is known. */
    Optional<Named<T>> ofObject(JsonNode node, String pointer, SpecErrors errors) {
        if (!node.isObject()) {
            new Values(errors).wrongType("an object with a type", node, pointer);
            return Optional.empty();
        }
        Optional<JsonNode> type = node.optional(TYPE);
        String place = Pointers.field(pointer, TYPE);
        if (type.isEmpty()) {
            errors.add(place, "required, but missing; write one of " + String.join(", ", names()));
        }
        return type.flatMap(name -> ofName(name, place, errors));
    }

    /** By its name; an error and empty if there is none of it. */
    Optional<Named<T>> ofName(JsonNode node, String pointer, SpecErrors errors) {
        Optional<String> name = new Values(errors).string(node, pointer);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        Optional<T> form = Optional.ofNullable(forms.get(name.get()));
        if (form.isEmpty()) {
            errors.add(pointer, unknown(name.get()));
        }
        return form.map(known -> new Named<>(name.get(), known));
    }

    /** A long list is only told where no name is near. */
    private String unknown(String name) {
        String near = Wording.didYouMean(name, names());
        return "unknown %s %s%s%s"
                .formatted(
                        what,
                        Wording.quoted(name),
                        names().size() > LONG_LIST && !near.isEmpty()
                                ? ""
                                : "; known are " + String.join(", ", names()),
                        near);
    }
}
