package dev.hearth.sweep;

import dev.hearth.spec.Fields;
import dev.hearth.spec.SpecErrors;
import dev.hearth.spec.Values;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the runs of a group have in common.
 *
 * @param run with the model's name
 * @param isNamedOutside whether the name stands beside the run, not in it
 */
record CommonRun(ObjectNode run, boolean isNamedOutside) {

    private static final String NAME = "name";

    /** Reads {@code run} and {@code name}; the name may stand beside the run, or in it. */
    static Optional<CommonRun> read(Fields fields, SpecErrors errors) {
        Optional<String> name = fields.string(NAME);
        Optional<JsonNode> sent = fields.required("run", "write the run as POST /v1/runs takes it");
        if (sent.isPresent() && !(sent.get() instanceof ObjectNode)) {
            new Values(errors)
                    .wrongType(
                            "a run as POST /v1/runs takes it", sent.get(), fields.pointer("run"));
        }
        return sent.filter(ObjectNode.class::isInstance)
                .map(node -> (ObjectNode) node.deepCopy())
                .map(run -> named(run, name, errors));
    }

    private static CommonRun named(ObjectNode run, Optional<String> name, SpecErrors errors) {
        if (name.isPresent() && run.has(NAME) && !name.get().equals(run.path(NAME).asString(""))) {
            errors.add(
                    "/run/name",
                    "the model has another name beside the run; leave out one of the two");
        }
        name.ifPresent(given -> run.put(NAME, given));
        return new CommonRun(run, name.isPresent());
    }

    /** Of the model. */
    String name() {
        return run.path(NAME).asString("");
    }

    /** Where something of the run stands in the body. */
    String place(String pointer) {
        return isNamedOutside && pointer.equals("/" + NAME) ? pointer : "/run" + pointer;
    }
}
