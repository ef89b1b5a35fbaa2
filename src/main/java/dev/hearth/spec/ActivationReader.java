package dev.hearth.spec;

import dev.hearth.spec.Values.Range;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads activations. */
final class ActivationReader {

    private ActivationReader() {}

    static Map<String, LayerKind> kinds() {
        var kinds = new LinkedHashMap<String, LayerKind>();
        for (Activation plain :
                List.of(
                        new Activation.ReLU(),
                        new Activation.ReLU6(),
                        new Activation.SELU(),
                        new Activation.SiLU(),
                        new Activation.Mish(),
                        new Activation.Sigmoid(),
                        new Activation.Tanh(),
                        new Activation.Hardswish(),
                        new Activation.Softsign(),
                        new Activation.LogSigmoid())) {
            kinds.put(plain.type(), LayerKind.plain(plain));
        }
        kinds.put(
                "LeakyReLU",
                LayerKind.leaf(
                        List.of("negative_slope"),
                        fields ->
                                new Activation.LeakyReLU(
                                        fields.number("negative_slope", Range.ANY, 0.01))));
        kinds.put(
                "PReLU",
                LayerKind.leaf(
                        List.of("num_parameters", "init"),
                        fields ->
                                new Activation.PReLU(
                                        LayerKind.integer(fields, "num_parameters", 1, 1),
                                        fields.number("init", Range.ANY, 0.25))));
        kinds.put("ELU", LayerKind.leaf(List.of("alpha"), f -> new Activation.ELU(alpha(f))));
        kinds.put("CELU", LayerKind.checked(List.of("alpha"), ActivationReader::celu));
        kinds.put(
                "GELU",
                LayerKind.leaf(
                        List.of("approximate"),
                        fields ->
                                new Activation.GELU(
                                        LayerKind.word(
                                                fields,
                                                "approximate",
                                                Map.of("none", false, "tanh", true),
                                                false))));
        kinds.put(
                "Hardtanh",
                LayerKind.checked(List.of("min_val", "max_val"), ActivationReader::hardtanh));
        kinds.put(
                "Softplus",
                LayerKind.leaf(
                        List.of("beta", "threshold"),
                        fields ->
                                new Activation.Softplus(
                                        fields.number("beta", Range.ANY, 1),
                                        fields.number("threshold", Range.ANY, 20))));
        kinds.put("Softmax", LayerKind.leaf(List.of("dim"), f -> new Activation.Softmax(dim(f))));
        kinds.put(
                "LogSoftmax",
                LayerKind.leaf(List.of("dim"), f -> new Activation.LogSoftmax(dim(f))));
        return kinds;
    }

    private static double alpha(Fields fields) {
        return fields.number("alpha", Range.ANY, 1);
    }

    private static Optional<LayerSpec> celu(Fields fields) {
        double alpha = alpha(fields);
        if (alpha == 0) {
            fields.reject("alpha", "expected a number other than 0, which it divides by");
            return Optional.empty();
        }
        return Optional.of(new Activation.CELU(alpha));
    }

    private static Optional<LayerSpec> hardtanh(Fields fields) {
        double min = fields.number("min_val", Range.ANY, -1);
        double max = fields.number("max_val", Range.ANY, 1);
        if (!(min < max)) {
            fields.reject(
                    "max_val", "expected more than min_val, got %s and %s".formatted(min, max));
            return Optional.empty();
        }
        return Optional.of(new Activation.Hardtanh(min, max));
    }

    /** PyTorch guesses a missing {@code dim} and has long warned that it will not; we ask. */
    private static int dim(Fields fields) {
        fields.required("dim", "write 1 for the first dimension of a sample, or -1 for the last");
        return LayerKind.dimension(fields, "dim", -1);
    }
}
