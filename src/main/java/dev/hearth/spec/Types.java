package dev.hearth.spec;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads the {@code type} that says which of a closed set of forms an object has. */
final class Types {

    static final String TYPE = "type";

    private Types() {}

    /** Of an object; an error and empty if there is none, or none that is known. */
    static Optional<String> typeOf(
            JsonNode node, String pointer, String what, List<String> known, SpecErrors errors) {
        var values = new Values(errors);
        if (!node.isObject()) {
            values.wrongType("an object with a type", node, pointer);
            return Optional.empty();
        }
        JsonNode type = node.get(TYPE);
        if (type == null) {
            errors.add(
                    Pointers.field(pointer, TYPE),
                    "required, but missing; write one of " + String.join(", ", known));
            return Optional.empty();
        }
        return known(type, Pointers.field(pointer, TYPE), what, known, errors);
    }

    /** A string that is one of {@code known}. */
    static Optional<String> known(
            JsonNode node, String pointer, String what, List<String> known, SpecErrors errors) {
        Optional<String> name = new Values(errors).string(node, pointer);
        if (name.isPresent() && !known.contains(name.get())) {
            errors.add(
                    pointer,
                    "unknown %s %s; known are %s%s"
                            .formatted(
                                    what,
                                    Wording.quoted(name.get()),
                                    String.join(", ", known),
                                    Wording.didYouMean(name.get(), known)));
            return Optional.empty();
        }
        return name;
    }
}
