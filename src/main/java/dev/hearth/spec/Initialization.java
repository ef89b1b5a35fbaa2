package dev.hearth.spec;

import dev.hearth.spec.ModelPlan.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the parameters of a layer begin with, applied after the whole model has been constructed.
 *
 * @param everywhere written for the whole model: then weights of fewer than two dimensions, which
 *     are those of normalisations, and the biases beside them stay as they are
 */
public record Initialization(
        Optional<Initializer> weight, Optional<Initializer> bias, boolean everywhere) {

    /** No initialiser but PyTorch's own. */
    public static final Initialization NONE =
            new Initialization(Optional.empty(), Optional.empty(), false);

    /** Those of a layer's parameters that are initialised, in PyTorch's order. */
    public Map<Parameter, Initializer> of(List<Parameter> parameters) {
        boolean hasMatrix = parameters.stream().anyMatch(Initialization::isMatrix);
        var chosen = new LinkedHashMap<Parameter, Initializer>();
        for (Parameter parameter : parameters) {
            Optional<Initializer> own =
                    isBias(parameter)
                            ? bias.filter(_ -> !everywhere || hasMatrix)
                            : weight.filter(initializer ->
                                    isMatrix(parameter)
                                            || !(everywhere || initializer.needsMatrix()));
            own.filter(initializer -> !(initializer instanceof Initializer.Default))
                    .ifPresent(initializer -> chosen.put(parameter, initializer));
        }
        return chosen;
    }

    /** What of it finds nothing in a layer with these parameters; only where it is the layer's. */
    Optional<String> misfit(List<Parameter> parameters) {
        if (everywhere) {
            return Optional.empty();
        }
        if (weight.filter(Initializer::needsMatrix).isPresent()
                && parameters.stream().noneMatch(Initialization::isMatrix)) {
            return Optional.of(
                    "%s needs a weight of at least two dimensions, and there is none; use such as"
                                    .formatted(weight.get().type())
                            + " constant_");
        }
        if (weight.isPresent() && parameters.stream().allMatch(Initialization::isBias)) {
            return Optional.of("the layer has no weight; leave init out");
        }
        return bias.isPresent() && parameters.stream().noneMatch(Initialization::isBias)
                ? Optional.of("the layer has no bias; leave bias out of init")
                : Optional.empty();
    }

    private static boolean isBias(Parameter parameter) {
        return parameter.name().contains("bias");
    }

    private static boolean isMatrix(Parameter parameter) {
        return !isBias(parameter) && parameter.shape().rank() >= 2;
    }
}
