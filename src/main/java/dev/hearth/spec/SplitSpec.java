package dev.hearth.spec;

import java.util.List;
import java.util.Optional;

/** Which rows are held out of training: to validate with after each epoch, and to test with. */
public sealed interface SplitSpec {

    /** Whether rows are held out to be measured after each epoch. */
    boolean validates();

    /** The column that says which rows go where, if one does. */
    default Optional<Column> column() {
        return Optional.empty();
    }

    /**
     * A column of the data set.
     *
     * @param pointer to where it is named
     */
    record Column(String name, String pointer) {}

    /**
     * Parts of all rows.
     *
     * @param validation at least 0; 0 for none
     * @param test likewise; both together are below 1
     */
    record Fractions(double validation, double test) {}

    /**
     * By chance.
     *
     * @param stratify keep the classes' proportions; by default where the target is a class
     */
    record Random(Fractions held, Optional<Boolean> stratify) implements SplitSpec {

        /** What a request has that does not say. */
        public static final Random DEFAULT = new Random(new Fractions(0.2, 0), Optional.empty());

        @Override
        public boolean validates() {
            return held.validation() > 0;
        }
    }

    /**
     * By chance, rows with the same value in one part.
     *
     * @param group the column
     */
    record Grouped(String group, Fractions held) implements SplitSpec {
        @Override
        public boolean validates() {
            return held.validation() > 0;
        }

        @Override
        public Optional<Column> column() {
            return Optional.of(new Column(group, "/split/group"));
        }
    }

    /**
     * The latest rows are held out.
     *
     * @param time the column: numbers, or texts that are dates
     */
    record Ordered(String time, Fractions held) implements SplitSpec {
        @Override
        public boolean validates() {
            return held.validation() > 0;
        }

        @Override
        public Optional<Column> column() {
            return Optional.of(new Column(time, "/split/time"));
        }
    }

    /**
     * One fold of several is held out to validate with.
     *
     * @param folds at least 2
     * @param fold from 0
     * @param test the fraction that is in no fold
     * @param stratify as in {@link Random}
     */
    record KFold(int folds, int fold, double test, Optional<Boolean> stratify)
            implements SplitSpec {
        @Override
        public boolean validates() {
            return true;
        }
    }

    /**
     * A column says it.
     *
     * @param parts the column
     * @param train what it says of rows to train on
     * @param validation likewise; empty for none
     * @param test likewise; there need not be such rows
     */
    record Given(String parts, List<String> train, List<String> validation, List<String> test)
            implements SplitSpec {

        static final List<String> TRAIN = List.of("train", "training");
        static final List<String> VALIDATION = List.of("validation", "valid", "val");
        static final List<String> TEST = List.of("test");

        public Given {
            train = List.copyOf(train);
            validation = List.copyOf(validation);
            test = List.copyOf(test);
        }

        @Override
        public boolean validates() {
            return !validation.isEmpty();
        }

        @Override
        public Optional<Column> column() {
            return Optional.of(new Column(parts, "/split/column"));
        }
    }
}
