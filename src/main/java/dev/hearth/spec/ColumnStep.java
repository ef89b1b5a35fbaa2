package dev.hearth.spec;

/**
 * One step from a column of a table to the model's input, with scikit-learn's names, arguments and
 * meaning. What a step learns, it learns from the training rows as the steps before it left them.
 */
public sealed interface ColumnStep {

    /** {@code (x − mean) / std}, with the population's standard deviation. */
    record StandardScaler(boolean withMean, boolean withStd) implements ColumnStep {}

    /** Brings the least value to {@code low} and the largest to {@code high}. */
    record MinMaxScaler(double low, double high) implements ColumnStep {
        public MinMaxScaler {
            requireAscending(low, high);
        }
    }

    /**
     * {@code (x − median) / (quantile high − quantile low)}.
     *
     * @param low in percent, as {@code high}
     */
    record RobustScaler(boolean withCentering, boolean withScaling, double low, double high)
            implements ColumnStep {
        public RobustScaler {
            requireAscending(low, high);
            if (low < 0 || high > 100) {
                throw new IllegalArgumentException("quantiles %s and %s".formatted(low, high));
            }
        }
    }

    /** {@code ln(1 + x)}. */
    record Log1p() implements ColumnStep {}

    /** Brings values into {@code [min, max]}; an end that is left open is the largest double. */
    record Clip(double min, double max) implements ColumnStep {
        public Clip {
            if (!(min <= max)) {
                throw new IllegalArgumentException("min %s and max %s".formatted(min, max));
            }
        }
    }

    /** One input for each category. */
    record OneHot() implements ColumnStep {}

    /** The category's index as a number. */
    record Ordinal() implements ColumnStep {}

    /** Whether it begins with a category, where the others begin with a number. */
    default boolean takesCategory() {
        return switch (this) {
            case OneHot _, Ordinal _ -> true;
            case StandardScaler _, MinMaxScaler _, RobustScaler _, Log1p _, Clip _ -> false;
        };
    }

    private static void requireAscending(double low, double high) {
        if (!(low < high) || !Double.isFinite(high - low)) {
            throw new IllegalArgumentException("low %s and high %s".formatted(low, high));
        }
    }
}
