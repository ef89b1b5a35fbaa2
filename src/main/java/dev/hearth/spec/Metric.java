package dev.hearth.spec;

import dev.hearth.spec.LossSpec.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is measured beside the loss. */
public sealed interface Metric {

    /** As in requests and answers, there with the part of the data before it. */
    String wireName();

    /** Whether it can be told of what a model does in {@code task}. */
    boolean suits(Task task);

    /** Whether it costs nothing, so that training rows are measured, too. */
    boolean isOfTraining();

    /** A metric without a number in its name. */
    enum Plain implements Metric {
        /** The fraction of rows that are right; of several labels, in all of them. */
        ACCURACY,
        /** Of those said to be in the second class, the fraction that are. */
        PRECISION,
        /** Of those in the second class, the fraction that are found. */
        RECALL,
        /** The harmonic mean of the two. */
        F1,
        /** The mean over classes, or labels. */
        PRECISION_MACRO,
        RECALL_MACRO,
        F1_MACRO,
        /** Of the counts of all classes, or labels, together. */
        PRECISION_MICRO,
        RECALL_MICRO,
        F1_MICRO,
        /**
         * The area under the receiver operating characteristic; the mean over classes or labels.
         */
        ROC_AUC,
        /** The mean absolute error. */
        MAE,
        /** The root of the mean squared error. */
        RMSE,
        /** The part of the targets' variation that is explained. */
        R2;

        @Override
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        @Override
        public boolean isOfTraining() {
            return switch (this) {
                case ACCURACY, MAE, RMSE, R2 -> true;
                case PRECISION,
                        RECALL,
                        F1,
                        PRECISION_MACRO,
                        RECALL_MACRO,
                        F1_MACRO,
                        PRECISION_MICRO,
                        RECALL_MICRO,
                        F1_MICRO,
                        ROC_AUC ->
                        false;
            };
        }

        @Override
        public boolean suits(Task task) {
            boolean numbers = task == Task.REGRESSION || task == Task.DISTRIBUTION;
            return switch (this) {
                case MAE, RMSE, R2 -> numbers;
                case PRECISION, RECALL, F1 ->
                        task == Task.BINARY_CLASSIFICATION || task == Task.SIMILARITY;
                case ACCURACY,
                        PRECISION_MACRO,
                        RECALL_MACRO,
                        F1_MACRO,
                        PRECISION_MICRO,
                        RECALL_MICRO,
                        F1_MICRO,
                        ROC_AUC ->
                        !numbers;
            };
        }
    }

    /** The fraction of rows whose class is among the {@code k} most probable ones. */
    record TopAccuracy(int k) implements Metric {
        public TopAccuracy {
            if (k < 1) {
                throw new IllegalArgumentException("top " + k);
            }
        }

        @Override
        public String wireName() {
            return "top_%d_accuracy".formatted(k);
        }

        @Override
        public boolean isOfTraining() {
            return false;
        }

        @Override
        public boolean suits(Task task) {
            return task == Task.CLASSIFICATION;
        }
    }

    /** How {@link TopAccuracy} is described. */
    String TOP = "top_k_accuracy";

    /** What is measured where nothing else was asked for. */
    static List<Metric> usual(Task task) {
        return switch (task) {
            case REGRESSION -> List.of(Plain.MAE, Plain.RMSE, Plain.R2);
            case DISTRIBUTION -> List.of(Plain.MAE);
            case BINARY_CLASSIFICATION, CLASSIFICATION, SIMILARITY -> List.of(Plain.ACCURACY);
            case MULTI_LABEL -> List.of(Plain.ACCURACY, Plain.F1_MICRO, Plain.F1_MACRO);
        };
    }

    /** The names of those that suit {@code task}. */
    static List<String> names(Task task) {
        var names = new ArrayList<String>();
        for (Plain metric : Plain.values()) {
            if (metric.suits(task)) {
                names.add(metric.wireName());
            }
        }
        if (task == Task.CLASSIFICATION) {
            names.add(1, TOP);
        }
        return names;
    }

    static Optional<Metric> ofName(String name) {
        Matcher top = Pattern.compile("top_([1-9][0-9]{0,5})_accuracy").matcher(name);
        if (top.matches()) {
            return Optional.of(new TopAccuracy(Integer.parseInt(top.group(1))));
        }
        return Arrays.stream(Plain.values())
                .map(metric -> (Metric) metric)
                .filter(metric -> metric.wireName().equals(name))
                .findFirst();
    }
}
