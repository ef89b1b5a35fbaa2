package dev.hearth.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Reads a loss: its bare name, or an object with nothing but a {@code type}. */
final class LossReader {

    private static final Map<String, LossSpec> LOSSES =
            Stream.of(
                            new LossSpec.MSELoss(),
                            new LossSpec.BCELoss(),
                            new LossSpec.BCEWithLogitsLoss(),
                            new LossSpec.CrossEntropyLoss())
                    .collect(
                            Collectors.toMap(
                                    LossSpec::type, loss -> loss, (a, _) -> a, LinkedHashMap::new));

    private LossReader() {}

    static List<String> names() {
        return List.copyOf(LOSSES.keySet());
    }

    static Optional<LossSpec> read(JsonNode node, String pointer, SpecErrors errors) {
        Optional<String> type =
                node.isString()
                        ? Types.known(node, pointer, "loss", names(), errors)
                        : Types.typeOf(node, pointer, "loss", names(), errors);
        if (type.isPresent() && node.isObject()) {
            Fields.open(node, pointer, type.get(), List.of(Types.TYPE), errors);
        }
        return type.map(LOSSES::get);
    }
}
