package dev.hearth.spec;

import dev.hearth.problem.Violation;
import dev.hearth.spec.TargetColumn.Kind;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Whether a loss, the model's output and the target column go together.
 *
 * @param errors where what cannot be trained is recorded
 * @param warnings where what can, but is likely a mistake, is
 */
record LossFit(
        LayerSpec.Container model, LossSpec loss, SpecErrors errors, List<Violation> warnings) {

    private static final String LOSS = "/loss";
    private static final String TARGET = "/target";

    /**
     * @param output the shape of one sample's output, where it is known
     * @param target empty in a check without a data set
     */
    void check(Optional<Shape> output, Optional<TargetColumn> target) {
        target.ifPresent(this::checkTarget);
        switch (loss) {
            case LossSpec.MSELoss _ -> output.ifPresent(this::expectOneNumber);
            case LossSpec.BCELoss _, LossSpec.BCEWithLogitsLoss _ -> {
                output.ifPresent(this::expectOneLogit);
                target.ifPresent(this::expectTwoClasses);
            }
            case LossSpec.CrossEntropyLoss _ ->
                    output.ifPresent(shape -> expectEnoughClasses(shape, target));
        }
        checkActivation();
    }

    private void checkTarget(TargetColumn target) {
        String column = "column " + Wording.quoted(target.name());
        if (target.kind() == Kind.TEXT) {
            errors.add(
                    TARGET,
                    column
                            + " is free text, which cannot be predicted; choose another column, or"
                            + " upload the data with "
                            + declared(target));
        } else if (loss.task().hasClasses() && target.classes().isEmpty()) {
            errors.add(
                    TARGET,
                    "%s needs classes, but %s holds numbers; use MSELoss, or upload the data with %s"
                            .formatted(loss.type(), column, declared(target)));
        } else if (!loss.task().hasClasses() && target.kind() == Kind.CATEGORICAL) {
            errors.add(
                    TARGET,
                    "%s needs numbers, but %s holds categories; use CrossEntropyLoss"
                            .formatted(loss.type(), column));
        }
    }

    private static String declared(TargetColumn target) {
        return "{\"columns\": {%s: \"categorical\"}}".formatted(Wording.quoted(target.name()));
    }

    private void expectOneNumber(Shape output) {
        if (!output.equals(Shape.of(1))) {
            errors.add(
                    outputs(output),
                    "%s for one target needs an output of [1], got %s; %s"
                            .formatted(loss.type(), output, mendOutput(output, 1)));
        }
    }

    private void expectOneLogit(Shape output) {
        if (!output.equals(Shape.of(1))) {
            errors.add(
                    outputs(output),
                    "%s needs an output of [1], got %s; %s, or use CrossEntropyLoss for one output"
                                    .formatted(loss.type(), output, mendOutput(output, 1))
                            + " per class");
        }
    }

    private void expectTwoClasses(TargetColumn target) {
        if (target.classes().isPresent() && target.classes().getAsInt() != 2) {
            errors.add(
                    LOSS,
                    "%s needs a target of exactly two classes, but column %s has %d; %s"
                            .formatted(
                                    loss.type(),
                                    Wording.quoted(target.name()),
                                    target.classes().getAsInt(),
                                    target.classes().getAsInt() > 2
                                            ? "use CrossEntropyLoss"
                                            : "choose another target"));
        }
    }

    private void expectEnoughClasses(Shape output, Optional<TargetColumn> target) {
        if (output.rank() != 1) {
            errors.add(
                    outputs(output),
                    "CrossEntropyLoss needs an output of [classes], got %s; add a Flatten before the"
                                    .formatted(output)
                            + " last Linear");
            return;
        }
        int classes = target.map(TargetColumn::classes).orElse(OptionalInt.empty()).orElse(0);
        if (output.last() < classes) {
            errors.add(
                    outputs(output),
                    "expected at least %d for the %d classes of column %s, got %d; %s"
                            .formatted(
                                    classes,
                                    classes,
                                    Wording.quoted(target.orElseThrow().name()),
                                    output.last(),
                                    mendOutput(output, classes)));
        } else if (classes > 0 && output.last() > classes) {
            warnings.add(
                    new Violation(
                            outputs(output),
                            "the model has %d outputs for %d classes; the others are trained never to"
                                            .formatted(output.last(), classes)
                                    + " be chosen; write "
                                    + classes));
        } else if (classes == 0 && output.last() == 1) {
            warnings.add(
                    new Violation(
                            outputs(output),
                            "CrossEntropyLoss of a single output is always 0; write one output per"
                                    + " class, or use BCEWithLogitsLoss for two classes"));
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
        switch (loss) {
            case LossSpec.MSELoss _ -> {}
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
            case LossSpec.BCEWithLogitsLoss _ -> {
                if (layer instanceof Activation.Sigmoid) {
                    warn(
                            place,
                            "BCEWithLogitsLoss applies a sigmoid of its own, so this one is the"
                                    + " second; leave it out, or use BCELoss");
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
