package dev.hearth.serving;

import dev.hearth.http.JsonBody;
import dev.hearth.model.ModelVersion;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.serving.Attributions.Attributed;
import dev.hearth.serving.Question.Patience;
import dev.hearth.spec.BlockInput;
import dev.hearth.spec.Encoding;
import dev.hearth.spec.ImportReader;
import dev.hearth.spec.ImportRequest;
import dev.hearth.spec.InputForm;
import dev.hearth.spec.LossSpec;
import dev.hearth.spec.ModelPlan;
import dev.hearth.spec.Projection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import org.springframework.stereotype.Service;

/** Tells what a model's output for a row comes from. */
@Service
class Explainer {

    private final Predictor predictor;
    private final ExplainSettings settings;
    private final JsonBody json;
    private final ImportReader specifications = new ImportReader(dev.hearth.spec.Limits.DEFAULT);

    Explainer(Predictor predictor, ExplainSettings settings, JsonBody json) {
        this.predictor = predictor;
        this.settings = settings;
        this.json = json;
    }

    /**
     * Explains each row's output.
     *
     * @param baseline with which the rows are compared, by methods that do
     * @throws ProblemException BATCH_TOO_LARGE for more rows or work than a request may ask for;
     *     INVALID_INPUT where the method does not suit the model, or the wanted output is not
     *     there; what {@link Predictor#outputs} throws
     */
    Explained explain(
            Chosen chosen,
            Rows rows,
            Baseline baseline,
            ExplainMethod asked,
            ExplainedOutput.Wanted wanted,
            Patience patience) {
        requireFewRows(rows);
        ModelVersion version = chosen.version();
        ImportRequest.ServedModel model =
                specifications.stored(
                        json.parse(version.specification().getBytes(StandardCharsets.UTF_8)),
                        version.input());
        ExplainMethod method = sized(asked, version.input(), model.plan());
        requireGradients(method, model.plan());
        requireLittleWork(method, version.input(), model.plan(), rows.count());
        var predictions = predictor.predict(chosen, rows, patience);
        var outputs = wanted.of(version.target(), model.loss(), predictions);
        boolean likeness = model.loss() instanceof LossSpec.CosineEmbeddingLoss;
        return predictor.explain(
                version,
                patience,
                turns -> {
                    var function = new ScoreFunction(turns, likeness);
                    var inputs = function.prepare(rows);
                    var attributions =
                            new Attributions(
                                    function,
                                    inputs,
                                    baseline.prepared(function, rows, inputs),
                                    outputs);
                    return new Explained(
                            method,
                            predictions,
                            outputs,
                            inputs,
                            attributed(method, attributions, version.input()));
                });
    }

    static Attributed attributed(ExplainMethod method, Attributions attributions, InputForm input) {
        return switch (method) {
            case ExplainMethod.Gradients _ -> attributions.gradients();
            case ExplainMethod.IntegratedGradients(int steps) ->
                    attributions.integratedGradients(steps);
            case ExplainMethod.Occlusion occlusion ->
                    attributions.occlusion(windows(occlusion, input, attributions.x().shape()));
        };
    }

    /** With the sizes that the method takes for itself. */
    private static ExplainMethod sized(ExplainMethod method, InputForm input, ModelPlan plan) {
        if (!(method instanceof ExplainMethod.Occlusion occlusion)) {
            return method;
        }
        return switch (windows(occlusion, input, plan.input().dims())) {
            case Windows.OfColumns _ -> method;
            case Windows.Sliding sliding ->
                    new ExplainMethod.Occlusion(
                            OptionalInt.of(sliding.window()), OptionalInt.of(sliding.stride()));
        };
    }

    private static Windows windows(
            ExplainMethod.Occlusion occlusion, InputForm input, List<Long> shape) {
        return switch (input) {
            case Encoding encoding -> {
                if (occlusion.window().isPresent() || occlusion.stride().isPresent()) {
                    throw ProblemException.at(
                            ProblemCode.INVALID_PARAMETER,
                            occlusion.window().isPresent() ? "window" : "stride",
                            "is for images and tensors; of rows, each column is hidden in turn");
                }
                yield Windows.OfColumns.of(encoding);
            }
            case BlockInput _ -> Windows.Sliding.of(shape, occlusion.window(), occlusion.stride());
        };
    }

    private void requireFewRows(Rows rows) {
        if (rows.count() > settings.maxRows()) {
            throw new ProblemException(
                    ProblemCode.BATCH_TOO_LARGE,
                    "a request may have %d rows explained, got %d; send several requests"
                            .formatted(settings.maxRows(), rows.count()));
        }
    }

    /** Whole numbers that stand for rows of a table have no neighbours, hence no slope. */
    private static void requireGradients(ExplainMethod method, ModelPlan plan) {
        if (!method.needsGradients()) {
            return;
        }
        plan.layers()
                .filter(layer -> layer.spec() instanceof Projection.Embedding)
                .findFirst()
                .ifPresent(layer -> {
                    throw ProblemException.at(
                            ProblemCode.INVALID_INPUT,
                            "explain",
                            "layer %s (Embedding) takes whole numbers, which have no gradients; explain=occlusion needs none"
                                    .formatted(layer.path()));
                });
    }

    private void requireLittleWork(
            ExplainMethod method, InputForm input, ModelPlan plan, int rows) {
        long times =
                switch (method) {
                    case ExplainMethod.Gradients _ -> 1;
                    case ExplainMethod.IntegratedGradients(int steps) -> steps;
                    case ExplainMethod.Occlusion occlusion ->
                            windows(occlusion, input, plan.input().dims()).count();
                };
        settings.requireLittleWork(
                rows,
                times,
                plan.input().elements(),
                switch (method) {
                    case ExplainMethod.Gradients _ -> "smaller inputs";
                    case ExplainMethod.IntegratedGradients _ -> "fewer steps";
                    case ExplainMethod.Occlusion _ -> "a larger stride";
                });
    }
}
