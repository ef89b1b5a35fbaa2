package dev.hearth.spec;

import dev.hearth.problem.Violation;
import java.util.List;
import java.util.Optional;

/**
 * Whether a loss, the model's output and the target columns go together.
 *
 * @param errors where what cannot be trained is recorded
 * @param warnings where what can, but is likely a mistake, is
 */
record LossFit(
        LayerSpec.Container model,
        Objective objective,
        SpecErrors errors,
        List<Violation> warnings) {

    private static final String LOSS = "/loss";

    private LossSpec loss() {
        return objective.loss();
    }

    /**
     * @param output the shape of one sample's output, where it is known
     * @param targets empty in a check without a data set
     */
    void check(Optional<Shape> output, List<TargetColumn> targets) {
        new TargetFit(objective, errors).check(targets);
        new WeightFit(objective, errors).check(output, targets);
        output.ifPresent(shape -> checkOutput(shape, targets));
        checkActivation();
    }

    private void checkOutput(Shape output, List<TargetColumn> columns) {
        int targets = columns.isEmpty() ? objective.targets().size() : columns.size();
        switch (loss()) {
            case LossSpec.MSELoss _,
                    LossSpec.L1Loss _,
                    LossSpec.SmoothL1Loss _,
                    LossSpec.HuberLoss _,
                    LossSpec.PoissonNLLLoss _,
                    LossSpec.KLDivLoss _,
                    LossSpec.MultiLabelSoftMarginLoss _ ->
                    expectOneForEach(output, targets, "");
            case LossSpec.BCELoss _, LossSpec.BCEWithLogitsLoss _ ->
                    expectOneForEach(
                            output, targets, ", or use CrossEntropyLoss for one output per class");
            case LossSpec.CrossEntropyLoss _, LossSpec.NLLLoss _ ->
                    expectEnoughClasses(output, columns);
            case LossSpec.HingeEmbeddingLoss _ -> expectOneForEach(output, 1, "");
            case LossSpec.CosineEmbeddingLoss _ -> expectTwoVectors(output);
        }
    }

    /**
     * @param targets how many; 0 if that is not known
     * @param otherwise another way, to end the message with
     */
    private void expectOneForEach(Shape output, int targets, String otherwise) {
        if (targets == 0 && output.rank() != 1) {
            errors.add(
                    outputs(output),
                    "%s needs an output of [targets], got %s; end with a Flatten and a Linear"
                            .formatted(loss().type(), output));
        } else if (targets > 0 && !output.equals(Shape.of(targets))) {
            errors.add(
                    outputs(output),
                    "%s for %s needs an output of [%d], got %s; %s%s"
                            .formatted(
                                    loss().type(),
                                    targets == 1 ? "one target" : targets + " targets",
                                    targets,
                                    output,
                                    mendOutput(output, targets),
                                    targets == 1 ? otherwise : ""));
        }
    }

    private void expectTwoVectors(Shape output) {
        if (output.rank() != 2 || output.dims().getFirst() != 2) {
            errors.add(
                    outputs(output),
                    ("CosineEmbeddingLoss compares two vectors, which the model outputs as [2, D], got"
                                    + " %s; end with layers that make two rows of it")
                            .formatted(output));
        }
    }

    private void expectEnoughClasses(Shape output, List<TargetColumn> columns) {
        if (output.rank() != 1) {
            errors.add(
                    outputs(output),
                    "%s needs an output of [classes], got %s; add a Flatten before the last Linear"
                            .formatted(loss().type(), output));
            return;
        }
        int classes = columns.stream().flatMapToInt(column -> column.classes().stream()).sum();
        if (output.last() < classes) {
            errors.add(
                    outputs(output),
                    "expected at least %d for the %d classes of column %s, got %d; %s"
                            .formatted(
                                    classes,
                                    classes,
                                    Wording.quoted(columns.getFirst().name()),
                                    output.last(),
                                    mendOutput(output, classes)));
        } else if (classes > 0 && output.last() > classes) {
            warn(
                    outputs(output),
                    "the model has %d outputs for %d classes; the others are trained never to be"
                                    .formatted(output.last(), classes)
                            + " chosen; write "
                            + classes);
        } else if (classes == 0 && output.last() == 1) {
            warn(
                    outputs(output),
                    loss().type()
                            + " of a single output is always 0; write one output per class, or use"
                            + " BCEWithLogitsLoss for two classes");
        }
        for (Metric metric : objective.metrics()) {
            if (metric instanceof Metric.TopAccuracy(int k) && k > output.last()) {
                errors.add(
                        "/metrics",
                        "%s is always 1, since the model has %d outputs; write a smaller number"
                                .formatted(metric.wireName(), output.last()));
            }
        }
    }

    private static String mendOutput(Shape output, long extent) {
        return output.rank() == 1
                ? "write " + extent
                : "end with a Flatten and a Linear of out_features " + extent;
    }

    private void checkActivation() {
        Optional<LastLayer> last =
                LastLayer.untouched(model, Pointers.MODEL, layer -> changesValues(layer.spec()));
        String place = last.map(LastLayer::pointer).orElse(Pointers.ofModel(model));
        LayerSpec layer = last.map(LastLayer::spec).orElse(model);
        switch (loss()) {
            case LossSpec.MSELoss _,
                    LossSpec.L1Loss _,
                    LossSpec.SmoothL1Loss _,
                    LossSpec.HuberLoss _,
                    LossSpec.HingeEmbeddingLoss _,
                    LossSpec.CosineEmbeddingLoss _ -> {}
            case LossSpec.PoissonNLLLoss poisson -> {
                if (!poisson.logInput() && !keepsPositive(layer)) {
                    warn(
                            LOSS,
                            "PoissonNLLLoss with log_input false needs rates above 0, but the last"
                                    + " layer is "
                                    + layer.type()
                                    + ", so training may fail; leave log_input out, or end with a"
                                    + " layer whose output is positive");
                }
            }
            case LossSpec.NLLLoss _, LossSpec.KLDivLoss _ -> {
                if (!(layer instanceof Activation.LogSoftmax)) {
                    warn(
                            LOSS,
                            loss().type()
                                    + " needs logarithms of probabilities, but the last layer is "
                                    + layer.type()
                                    + ", not LogSoftmax; add a LogSoftmax of dim 1"
                                    + (loss() instanceof LossSpec.NLLLoss
                                            ? ", or use CrossEntropyLoss"
                                            : ""));
                }
            }
            case LossSpec.BCELoss _ -> {
                if (!(layer instanceof Activation.Sigmoid)) {
                    warn(
                            LOSS,
                            "BCELoss needs probabilities, but the last layer is "
                                    + layer.type()
                                    + ", not Sigmoid, so training may fail; add a Sigmoid, or use"
                                    + " BCEWithLogitsLoss, which is also more precise");
                }
            }
            case LossSpec.BCEWithLogitsLoss _, LossSpec.MultiLabelSoftMarginLoss _ -> {
                if (layer instanceof Activation.Sigmoid) {
                    warn(
                            place,
                            loss().type()
                                    + " applies a sigmoid of its own, so this one is the second;"
                                    + " leave it out, or use BCELoss");
                }
            }
            case LossSpec.CrossEntropyLoss _ -> {
                if (layer instanceof Activation.Softmax || layer instanceof Activation.LogSoftmax) {
                    warn(
                            place,
                            "CrossEntropyLoss applies a log-softmax of its own, so this "
                                    + layer.type()
                                    + " is the second; leave it out");
                }
            }
        }
    }

    private static boolean keepsPositive(LayerSpec layer) {
        return layer instanceof Activation.Sigmoid
                || layer instanceof Activation.Softmax
                || layer instanceof Activation.Softplus;
    }

    private void warn(String pointer, String message) {
        warnings.add(new Violation(pointer, message));
    }

    /** Where the number of outputs is written, or all layers if it is not written in one place. */
    private String outputs(Shape output) {
        return LastLayer.of(
                        model, Pointers.MODEL, layer -> layer.spec() instanceof Projection.Linear)
                .filter(layer -> output.rank() == 1 && endsWith(layer.spec(), output.last()))
                .map(layer -> layer.pointer() + "/out_features")
                .orElse(Pointers.ofModel(model));
    }

    private static boolean endsWith(LayerSpec spec, long extent) {
        return spec instanceof Projection.Linear linear && linear.outFeatures() == extent;
    }

    private static boolean changesValues(LayerSpec spec) {
        return !(spec instanceof Noise
                || spec instanceof Reshaping
                || spec instanceof LayerSpec.Container);
    }
}
