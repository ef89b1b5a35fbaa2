package dev.hearth.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads a loss: its bare name, or an object with nothing but a {@code type}. */
final class LossReader {

    private static final Types<LossSpec> LOSSES = new Types<>("loss", losses());

    private LossReader() {}

    static List<String> names() {
        return LOSSES.names();
    }

    static Optional<LossSpec> read(JsonNode node, String pointer, SpecErrors errors) {
        Optional<Types.Named<LossSpec>> loss = LOSSES.ofNameOrObject(node, pointer, errors);
        if (loss.isPresent() && node.isObject()) {
            Fields.open(node, pointer, loss.get().name(), Types.withType(List.of()), errors);
        }
        return loss.map(Types.Named::form);
    }

    private static Map<String, LossSpec> losses() {
        var losses = new LinkedHashMap<String, LossSpec>();
        for (LossSpec loss :
                List.of(
                        new LossSpec.MSELoss(),
                        new LossSpec.BCELoss(),
                        new LossSpec.BCEWithLogitsLoss(),
                        new LossSpec.CrossEntropyLoss())) {
            losses.put(loss.type(), loss);
        }
        return losses;
    }
}
