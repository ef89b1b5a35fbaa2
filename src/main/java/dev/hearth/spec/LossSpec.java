package dev.hearth.spec;

/** What training minimises, averaged over the mini-batch, with PyTorch's names. */
public sealed interface LossSpec {

    /** PyTorch's class name, which is also the value of {@code "type"}. */
    default String type() {
        return getClass().getSimpleName();
    }

    /** Output and target {@code [N, *]} real numbers. */
    record MSELoss() implements LossSpec {}

    /** Output {@code [N, 1]} probabilities, target of two classes. */
    record BCELoss() implements LossSpec {}

    /** Output {@code [N, 1]} logits, target of two classes. */
    record BCEWithLogitsLoss() implements LossSpec {}

    /** Output {@code [N, C]} logits, target one of {@code C} classes. */
    record CrossEntropyLoss() implements LossSpec {}

    /** What the loss makes of the target column. */
    default Task task() {
        return switch (this) {
            case MSELoss _ -> Task.REGRESSION;
            case BCELoss _, BCEWithLogitsLoss _ -> Task.BINARY_CLASSIFICATION;
            case CrossEntropyLoss _ -> Task.CLASSIFICATION;
        };
    }

    /** How predictions are read from the model's output. */
    enum Task {
        REGRESSION,
        BINARY_CLASSIFICATION,
        CLASSIFICATION;

        public boolean hasClasses() {
            return this != REGRESSION;
        }
    }
}
