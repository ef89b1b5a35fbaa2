package dev.hearth.spec;

import dev.hearth.spec.Values.Range;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Reads an optimiser: its bare name for PyTorch's defaults, or an object with its arguments. */
final class OptimizerReader {

    private record Kind(List<String> fields, Function<Fields, OptimizerSpec> form) {}

    private static final Types<Kind> KINDS = new Types<>("optimizer", kinds());

    private OptimizerReader() {}

    /** The fields of each optimiser but {@code type}, by its name. */
    static Map<String, List<String>> vocabulary() {
        var fields = new LinkedHashMap<String, List<String>>();
        KINDS.forms().forEach((type, kind) -> fields.put(type, kind.fields()));
        return fields;
    }

    static Optional<OptimizerSpec> read(JsonNode node, String pointer, SpecErrors errors) {
        JsonNode object = node.isString() ? JsonNodeFactory.instance.objectNode() : node;
        return KINDS.ofNameOrObject(node, pointer, errors)
                .flatMap(kind ->
                        Fields.open(
                                        object,
                                        pointer,
                                        kind.name(),
                                        Types.withType(kind.form().fields()),
                                        errors)
                                .map(kind.form().form()));
    }

    private static Map<String, Kind> kinds() {
        var kinds = new LinkedHashMap<String, Kind>();
        kinds.put(
                "SGD",
                new Kind(
                        List.of("lr", "momentum", "dampening", "weight_decay", "nesterov"),
                        OptimizerReader::sgd));
        kinds.put(
                "Adam",
                new Kind(List.of("lr", "betas", "eps", "weight_decay"), OptimizerReader::adam));
        return kinds;
    }

    private static OptimizerSpec sgd(Fields fields) {
        double lr = fields.number("lr", Range.NOT_NEGATIVE, 0.001);
        double momentum = fields.number("momentum", Range.NOT_NEGATIVE, 0);
        double dampening = fields.number("dampening", Range.ANY, 0);
        double weightDecay = fields.number("weight_decay", Range.NOT_NEGATIVE, 0);
        boolean nesterov = fields.bool("nesterov", false);
        if (nesterov && !fields.failed() && (momentum == 0 || dampening != 0)) {
            fields.reject(
                    "nesterov",
                    "Nesterov's momentum needs momentum above 0 and dampening 0, got momentum "
                            + momentum
                            + " and dampening "
                            + dampening
                            + "; add \"momentum\": 0.9 or leave nesterov out");
        }
        return new OptimizerSpec.SGD(
                lr, momentum, dampening, weightDecay, nesterov && !fields.failed());
    }

    private static OptimizerSpec adam(Fields fields) {
        double lr = fields.number("lr", Range.NOT_NEGATIVE, 0.001);
        List<Double> betas = betas(fields);
        double eps = fields.number("eps", Range.NOT_NEGATIVE, 1e-8);
        double weightDecay = fields.number("weight_decay", Range.NOT_NEGATIVE, 0);
        return new OptimizerSpec.Adam(lr, betas.getFirst(), betas.getLast(), eps, weightDecay);
    }

    private static List<Double> betas(Fields fields) {
        List<Double> otherwise = List.of(0.9, 0.999);
        Optional<JsonNode> node = fields.node("betas");
        if (node.isPresent() && node.get().isArray() && node.get().size() != 2) {
            fields.reject(
                    "betas", "expected two numbers such as [0.9, 0.999], got " + node.get().size());
            return otherwise;
        }
        return fields.list("betas", "an array of two numbers", OptimizerReader::beta)
                .filter(betas -> betas.size() == 2)
                .orElse(otherwise);
    }

    private static Optional<Double> beta(Values values, JsonNode node, String pointer) {
        return values.number(node, pointer, Range.FRACTION).stream().boxed().findFirst();
    }
}
