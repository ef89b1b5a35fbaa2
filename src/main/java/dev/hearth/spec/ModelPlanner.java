package dev.hearth.spec;

import dev.hearth.problem.ProblemException;
import java.util.List;
import java.util.Optional;

/** Infers the shapes of a model's layers, and tells everything that does not fit at once. */
public final class ModelPlanner {

    private final Limits limits;

    public ModelPlanner(Limits limits) {
        this.limits = limits;
    }

    /**
     * @param input the shape of one sample
     * @param pointer to the model, such as {@code /model}
     * @throws ProblemException {@code INVALID_SPECIFICATION} with every layer that does not fit its
     *     input, or that makes the model larger than the limits
     */
    public ModelPlan plan(LayerSpec.Container model, Shape input, String pointer) {
        var errors = new SpecErrors();
        var given = new GraphInputs(Optional.of(input), Optional.empty());
        Optional<ModelPlan> plan =
                planned(model, given, new ModelWalk(limits, errors, pointer)).plan();
        errors.throwIfAny();
        return plan.orElseThrow();
    }

    /**
     * A walk's end.
     *
     * @param plan empty if anything does not fit
     */
    record Planned(Flow output, Optional<ModelPlan> plan) {}

    static Planned planned(LayerSpec.Container model, GraphInputs given, ModelWalk walk) {
        ModelWalk.Step step = walk.walk(Draft.of(model), given);
        Optional<ModelPlan> plan =
                step.layer()
                        .filter(_ -> walk.errors().isEmpty())
                        .flatMap(root ->
                                given.whole()
                                        .map(input ->
                                                new ModelPlan(
                                                        input,
                                                        inputs(root.spec(), given),
                                                        root,
                                                        walk.sizes()
                                                                .activations()
                                                                .longValueExact())));
        return new Planned(step.output(), plan);
    }

    private static List<ModelPlan.Input> inputs(LayerSpec root, GraphInputs given) {
        return root instanceof LayerSpec.Module module
                ? given.of(module.graph().inputs()).orElseThrow()
                : List.of();
    }
}
