package dev.hearth.missing;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What stands for the missing values of a column, in the words of scikit-learn's {@code
 * SimpleImputer}.
 *
 * @param fillValue of {@link Strategy#CONSTANT}, as a cell of the column would be written; empty
 *     otherwise
 */
public record MissingPolicy(Strategy strategy, Optional<String> fillValue) {

    /** Where the value comes from. */
    public enum Strategy {
        /** There must be no missing values. */
        REJECT,
        /** The mean of the training rows. */
        MEAN,
        /** Their median. */
        MEDIAN,
        /** What most of them have; of several the least number, or the first category. */
        MOST_FREQUENT,
        /** A given one. */
        CONSTANT;

        /** The name in JSON, such as {@code most_frequent}. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Strategy> ofWireName(String name) {
            return Arrays.stream(values())
                    .filter(strategy -> strategy.wireName().equals(name))
                    .findFirst();
        }

        static List<String> wireNames() {
            return Arrays.stream(values()).map(Strategy::wireName).toList();
        }

        /** Whether it counts with the values, which must then be numbers. */
        public boolean needsNumbers() {
            return switch (this) {
                case MEAN, MEDIAN -> true;
                case REJECT, MOST_FREQUENT, CONSTANT -> false;
            };
        }

        /** Whether it takes the value from rows, of which one at least must then have one. */
        public boolean learns() {
            return switch (this) {
                case MEAN, MEDIAN, MOST_FREQUENT -> true;
                case REJECT, CONSTANT -> false;
            };
        }
    }

    /** What holds where nothing else is said. */
    public static final MissingPolicy REJECT = of(Strategy.REJECT);

    public MissingPolicy {
        if (fillValue.isPresent() != (strategy == Strategy.CONSTANT)) {
            throw new IllegalArgumentException(
                    "strategy %s and fill value %s".formatted(strategy, fillValue));
        }
    }

    /** Any but {@link Strategy#CONSTANT}. */
    public static MissingPolicy of(Strategy strategy) {
        return new MissingPolicy(strategy, Optional.empty());
    }

    /**
     * @param cell as a cell of the column would be written
     */
    public static MissingPolicy constant(String cell) {
        return new MissingPolicy(Strategy.CONSTANT, Optional.of(cell));
    }

    /** Whether a missing value gets another one. */
    public boolean fills() {
        return strategy != Strategy.REJECT;
    }
}
