package dev.hearth.spec;

import dev.hearth.spec.TargetColumn.Kind;
import java.util.List;

/** Whether a loss and the target columns go together. */
record TargetFit(Objective objective, SpecErrors errors) {

    private static final String LOSS = "/loss";
    private static final String TARGET = "/target";

    private LossSpec loss() {
        return objective.loss();
    }

    /**
     * @param columns empty in a check without a data set
     */
    void check(List<TargetColumn> columns) {
        for (int i = 0; i < columns.size(); i++) {
            String pointer = columns.size() == 1 ? TARGET : Pointers.element(TARGET, i);
            check(columns.get(i), pointer);
        }
    }

    private void check(TargetColumn column, String pointer) {
        String name = "column " + Wording.quoted(column.name());
        if (column.kind() == Kind.TEXT) {
            errors.add(
                    pointer,
                    name
                            + " is free text, which cannot be predicted; choose another column, or"
                            + " upload the data with "
                            + declared(column));
            return;
        }
        switch (objective.task()) {
            case REGRESSION, DISTRIBUTION -> {
                if (column.kind() == Kind.CATEGORICAL) {
                    errors.add(
                            pointer,
                            "%s needs numbers, but %s holds categories; use CrossEntropyLoss"
                                    .formatted(loss().type(), name));
                }
            }
            case CLASSIFICATION -> expectClasses(column, pointer);
            case BINARY_CLASSIFICATION, SIMILARITY -> {
                expectClasses(column, pointer);
                expectTwoClasses(column);
            }
            case MULTI_LABEL -> {
                if (!column.isYesOrNo()) {
                    errors.add(
                            pointer,
                            ("%s of several targets needs columns of true and false, or of 0 and 1,"
                                            + " but %s holds %s; use CrossEntropyLoss to predict it"
                                            + " alone")
                                    .formatted(loss().type(), name, held(column)));
                }
            }
        }
    }

    private static String held(TargetColumn column) {
        return switch (column.kind()) {
            case NUMERIC -> "numbers";
            case INTEGER -> "other whole numbers";
            case BOOLEAN -> "true and false";
            case CATEGORICAL -> "categories";
            case TEXT -> "text";
        };
    }

    private void expectClasses(TargetColumn column, String pointer) {
        if (column.classes().isEmpty()) {
            errors.add(
                    pointer,
                    "%s needs classes, but column %s holds numbers; use MSELoss, or upload the data with %s"
                            .formatted(
                                    loss().type(),
                                    Wording.quoted(column.name()),
                                    declared(column)));
        }
    }

    private void expectTwoClasses(TargetColumn column) {
        int classes = column.classes().orElse(2);
        if (classes != 2) {
            errors.add(
                    LOSS,
                    "%s needs a target of exactly two classes, but column %s has %d; %s"
                            .formatted(
                                    loss().type(),
                                    Wording.quoted(column.name()),
                                    classes,
                                    classes > 2
                                            ? "use CrossEntropyLoss"
                                            : "choose another target"));
        }
    }

    private static String declared(TargetColumn column) {
        return "{\"columns\": {%s: \"categorical\"}}".formatted(Wording.quoted(column.name()));
    }
}
