package dev.hearth.spec;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Whether the weights of a loss, and the class that it ignores, are those of the target. */
record WeightFit(Objective objective, SpecErrors errors) {

    private static final String LOSS = "/loss";

    private LossSpec loss() {
        return objective.loss();
    }

    /**
     * @param output the shape of one sample's output, where it is known
     * @param columns empty in a check without a data set
     */
    void check(Optional<Shape> output, List<TargetColumn> columns) {
        OptionalLong outputs =
                output.filter(shape -> shape.rank() == 1).map(Shape::last).stream()
                        .mapToLong(Long::longValue)
                        .findFirst();
        switch (loss().weights().orElse(new Weights.Balanced())) {
            case Weights.Listed(List<Double> values) -> checkCount(values.size(), outputs, columns);
            case Weights.Named named -> checkNames(named, columns);
            case Weights.Balanced _ -> {}
        }
        checkIgnored(outputs, columns);
    }

    private void checkCount(int count, OptionalLong outputs, List<TargetColumn> columns) {
        if (isByClass()) {
            int classes = columns.stream().flatMapToInt(column -> column.classes().stream()).sum();
            boolean fits =
                    (outputs.isEmpty() && classes == 0)
                            || count == outputs.orElse(-1)
                            || (classes > 0 && count == classes);
            if (!fits) {
                long expected = classes > 0 ? classes : outputs.orElse(-1);
                errors.add(
                        pointer(),
                        "expected %d weights, one for each class%s, got %d"
                                .formatted(expected, inOrder(columns), count));
            }
        } else if (outputs.isPresent() && count != outputs.getAsLong() && !isForAll(count)) {
            errors.add(
                    pointer(),
                    "expected %d weights, one for each target, got %d"
                            .formatted(outputs.getAsLong(), count));
        }
    }

    /** PyTorch's pos_weight may be one for all. */
    private boolean isForAll(int count) {
        return count == 1 && loss() instanceof LossSpec.BCEWithLogitsLoss;
    }

    private static String inOrder(List<TargetColumn> columns) {
        List<String> names = columns.isEmpty() ? List.of() : columns.getFirst().names();
        return names.isEmpty() || names.size() > 20 ? "" : " in the order " + listed(names);
    }

    private static String listed(List<String> names) {
        String shown = String.join(", ", names.stream().limit(20).map(Wording::quoted).toList());
        return names.size() > 20 ? shown + " and " + (names.size() - 20) + " more" : shown;
    }

    private void checkNames(Weights.Named weights, List<TargetColumn> columns) {
        if (columns.isEmpty()) {
            return;
        }
        List<String> known =
                isByClass()
                        ? columns.getFirst().names()
                        : columns.stream().map(TargetColumn::name).toList();
        for (String name : weights.values().keySet()) {
            if (!known.contains(name)) {
                errors.add(
                        Pointers.field(pointer(), name),
                        "there is no %s %s; there are %s%s"
                                .formatted(
                                        isByClass() ? "class" : "target",
                                        Wording.quoted(name),
                                        listed(known),
                                        Wording.didYouMean(name, known)));
            }
        }
        if (known.stream().allMatch(name -> weights.of(name) == 0)) {
            errors.add(pointer(), "expected at least one weight above 0");
        }
    }

    private void checkIgnored(OptionalLong outputs, List<TargetColumn> columns) {
        int ignored = loss().ignored();
        if (ignored >= 0 && outputs.isPresent() && ignored >= outputs.getAsLong()) {
            errors.add(
                    LOSS + "/ignore_index",
                    "there is no class %d; classes count from 0%s"
                            .formatted(ignored, inOrder(columns)));
        }
    }

    private boolean isByClass() {
        return loss().task(objective.targets().size()) == LossSpec.Task.CLASSIFICATION;
    }

    private String pointer() {
        return LOSS + (loss() instanceof LossSpec.BCEWithLogitsLoss ? "/pos_weight" : "/weight");
    }
}
