package dev.hearth.serving;

import dev.hearth.model.Target;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.spec.LossSpec;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The one number of a row's output that is explained: {@code offset + factor · output[index]}.
 *
 * @param index among the model's outputs
 * @param factor −1 where the one output speaks for the second of two classes and the first is meant
 * @param label the class that it speaks for, as in JSON; null where it is none
 * @param column the column whose value it is; null where it is a class
 */
record ExplainedOutput(
        int index, int factor, int offset, @Nullable Object label, @Nullable String column) {

    /**
     * Which output a request means.
     *
     * @param label of a class, as text; null for the predicted one
     * @param column of several; null for the only one
     */
    record Wanted(@Nullable String label, @Nullable String column) {

        /** Finds it for each row. */
        List<ExplainedOutput> of(Target target, LossSpec loss, List<Prediction> predictions) {
            return switch (target.task()) {
                case CLASSIFICATION -> {
                    requireNoColumn(target);
                    yield predictions.stream()
                            .map(each -> ofClass(target, index(target, each)))
                            .toList();
                }
                case BINARY_CLASSIFICATION -> {
                    requireNoColumn(target);
                    yield predictions.stream()
                            .map(each -> ofTwo(target, loss, index(target, each)))
                            .toList();
                }
                case REGRESSION, DISTRIBUTION, MULTI_LABEL, SIMILARITY -> {
                    requireNoLabel();
                    var output = ofColumn(target);
                    yield predictions.stream().map(_ -> output).toList();
                }
            };
        }

        private int index(Target target, Prediction prediction) {
            return IntStream.range(0, target.classes().size())
                    .filter(i ->
                            label == null
                                    ? target.label(i).equals(prediction.label())
                                    : String.valueOf(target.label(i)).equals(label)
                                            || target.classes().get(i).equals(label))
                    .findFirst()
                    .orElseThrow(() ->
                            ProblemException.at(
                                    ProblemCode.INVALID_INPUT,
                                    "explain_class",
                                    "unknown class %s; the model knows %s"
                                            .formatted(
                                                    RowReader.quote(String.valueOf(label)),
                                                    RowReader.abridged(target.classes()))));
        }

        private static ExplainedOutput ofClass(Target target, int index) {
            return new ExplainedOutput(index, 1, 0, target.label(index), null);
        }

        /** One output, which is more the likelier the second class is. */
        private static ExplainedOutput ofTwo(Target target, LossSpec loss, int index) {
            boolean isSecond = index == 1;
            boolean isProbability = loss instanceof LossSpec.BCELoss;
            return new ExplainedOutput(
                    0,
                    isSecond ? 1 : -1,
                    isProbability && !isSecond ? 1 : 0,
                    target.label(index),
                    null);
        }

        private ExplainedOutput ofColumn(Target target) {
            List<String> columns = target.columns();
            int index = column == null ? (columns.size() == 1 ? 0 : -1) : columns.indexOf(column);
            if (index < 0) {
                throw ProblemException.at(
                        ProblemCode.INVALID_INPUT,
                        "explain_output",
                        column == null
                                ? "the model has several outputs; say which one to explain: "
                                        + RowReader.abridged(columns)
                                : "unknown output %s; the model has %s"
                                        .formatted(
                                                RowReader.quote(column),
                                                RowReader.abridged(columns)));
            }
            return new ExplainedOutput(index, 1, 0, null, columns.get(index));
        }

        private void requireNoLabel() {
            if (label != null) {
                throw ProblemException.at(
                        ProblemCode.INVALID_INPUT,
                        "explain_class",
                        "the model tells no classes of one column; explain_output names one of"
                                + " several outputs");
            }
        }

        private void requireNoColumn(Target target) {
            if (column != null && !target.columns().contains(column)) {
                throw ProblemException.at(
                        ProblemCode.INVALID_INPUT,
                        "explain_output",
                        "the model predicts the classes of %s; explain_class names one"
                                .formatted(RowReader.quote(target.columns().getFirst())));
            }
        }
    }

    /** The number, of the model's output. */
    double of(float output) {
        return offset + factor * (double) output;
    }
}
