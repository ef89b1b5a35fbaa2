package dev.hearth.spec;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The preprocessing that a run learned from its training rows. It turns one row of raw values (one
 * {@code double} for each column: the number, 0 or 1, or a category's index) into the model's
 * input, and travels with the model.
 *
 * @param fills by column name, what stands for a missing value, raw; a column that is not there
 *     must have a value in each row
 */
public record Encoding(
        List<Feature> features,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Double> fills)
        implements InputForm {

    /**
     * @param fills null in what was stored before there were any
     */
    public Encoding(List<Feature> features, @Nullable Map<String, Double> fills) {
        this.features = List.copyOf(features);
        var inOrder = new LinkedHashMap<String, Double>();
        if (fills != null) {
            var left = new ArrayList<>(fills.keySet());
            for (Feature feature : features) {
                Double fill = fills.get(feature.column());
                if (fill != null) {
                    requireRaw(feature, fill);
                    inOrder.put(feature.column(), fill);
                    left.remove(feature.column());
                }
            }
            if (!left.isEmpty()) {
                throw new IllegalArgumentException(left + " are filled and no features");
            }
        }
        this.fills = Collections.unmodifiableMap(inOrder);
    }

    /** Of columns that have a value in each row. */
    public Encoding(List<Feature> features) {
        this(features, Map.of());
    }

    private static void requireRaw(Feature feature, double fill) {
        if (!Double.isFinite(fill) || feature.cell(fill) == null) {
            throw new IllegalArgumentException(
                    "%s cannot be a value of %s".formatted(fill, feature.column()));
        }
    }

    /** One input column of the data set. In JSON, {@code type} says which kind. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Standardized.class, name = "standardized"),
        @JsonSubTypes.Type(value = Numeric.class, name = "numeric"),
        @JsonSubTypes.Type(value = Flag.class, name = "flag"),
        @JsonSubTypes.Type(value = Scaled.class, name = "scaled"),
        @JsonSubTypes.Type(value = OneHot.class, name = "one_hot"),
        @JsonSubTypes.Type(value = Ordinal.class, name = "ordinal")
    })
    public sealed interface Feature {

        /** The column's name. */
        String column();

        /** How many of the model's inputs it makes. */
        int width();

        /** The raw value that a cell stands for; empty if it stands for none. */
        default OptionalDouble raw(String cell) {
            return RawCell.read(this, cell);
        }

        /**
         * A raw value as people write it: a number, a boolean, or a category; null if it is no raw
         * value of this column.
         */
        default @Nullable Object cell(double raw) {
            return RawCell.write(this, raw);
        }
    }

    /** {@code (x − mean) / std} in double precision; {@code std} is 1 for a constant column. */
    public record Standardized(String column, double mean, double std) implements Feature {
        public Standardized {
            if (!Double.isFinite(mean) || !(std > 0 && std <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException(
                        "mean %s and std %s of column %s".formatted(mean, std, column));
            }
        }

        @Override
        public int width() {
            return 1;
        }
    }

    /** {@code false} is 0 and {@code true} is 1. */
    public record Flag(String column) implements Feature {
        @Override
        public int width() {
            return 1;
        }
    }

    /** The number as it is. */
    public record Numeric(String column) implements Feature {
        @Override
        public int width() {
            return 1;
        }
    }

    /** The number after the steps that are written for its column. */
    public record Scaled(String column, List<LearnedStep> steps) implements Feature {
        public Scaled {
            steps = List.copyOf(steps);
        }

        @Override
        public int width() {
            return 1;
        }

        /** Not finite where a step has no value. */
        public double apply(double x) {
            double value = x;
            for (LearnedStep step : steps) {
                value = step.apply(value);
            }
            return value;
        }

        /** The derivative of {@link #apply}, by the chain rule. */
        public double slope(double x) {
            double value = x;
            double slope = 1;
            for (LearnedStep step : steps) {
                slope *= step.slope(value);
                value = step.apply(value);
            }
            return slope;
        }
    }

    /** One input for each category, 1 for the row's own and 0 for the others. */
    public record OneHot(String column, List<String> categories) implements Feature {
        public OneHot {
            categories = List.copyOf(categories);
        }

        @Override
        public int width() {
            return categories.size();
        }
    }

    /** The category's index as a number. */
    public record Ordinal(String column, List<String> categories) implements Feature {
        public Ordinal {
            categories = List.copyOf(categories);
        }

        @Override
        public int width() {
            return 1;
        }
    }

    /** {@link #fills} as people write them. */
    public Map<String, Object> fillCells() {
        var cells = new LinkedHashMap<String, Object>();
        for (Feature feature : features) {
            Double fill = fills.get(feature.column());
            Object cell = fill == null ? null : feature.cell(fill);
            if (cell != null) {
                cells.put(feature.column(), cell);
            }
        }
        return cells;
    }

    /** How many inputs the model gets. */
    public int width() {
        return features.stream().mapToInt(Feature::width).sum();
    }
}
