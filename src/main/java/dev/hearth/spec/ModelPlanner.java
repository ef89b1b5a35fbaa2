package dev.hearth.spec;

import dev.hearth.problem.ProblemException;
import java.util.Optional;

/** Infers the shapes of a model's layers, and tells everything that does not fit at once. */
public final class ModelPlanner {

    private final Limits limits;

    public ModelPlanner(Limits limits) {
        this.limits = limits;
    }

    /**
     * @param input the shape of one sample
     * @param pointer to the array of layers, such as {@code /model/layers}
     * @throws ProblemException {@code INVALID_SPECIFICATION} with every layer that does not fit its
     *     input, or that makes the model larger than the limits
     */
    public ModelPlan plan(LayerSpec.Sequential model, Shape input, String pointer) {
        var errors = new SpecErrors();
        var walk = new ModelWalk(limits, errors, pointer).walk(Draft.of(model), Optional.of(input));
        errors.throwIfAny();
        return plan(walk, input).orElseThrow();
    }

    static Optional<ModelPlan> plan(ModelWalk.Step walk, Shape input) {
        return walk.layer().map(root -> new ModelPlan(input, root));
    }
}
