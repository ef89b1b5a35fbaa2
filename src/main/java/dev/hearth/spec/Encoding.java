package dev.hearth.spec;

import java.util.List;

/**
 * The preprocessing that a run learned from its training rows. It turns one row of raw values (one
 * {@code double} for each column: the number, 0 or 1, or a category's index) into the model's
 * input, and travels with the model.
 */
public record Encoding(List<Feature> features) {

    public Encoding {
        features = List.copyOf(features);
    }

    /** One input column of the data set. */
    public sealed interface Feature {

        /** The column's name. */
        String column();

        /** How many of the model's inputs it makes. */
        int width();
    }

    /** {@code (x − mean) / std} in double precision; {@code std} is 1 for a constant column. */
    public record Standardized(String column, double mean, double std) implements Feature {
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

    /** How many inputs the model gets. */
    public int width() {
        return features.stream().mapToInt(Feature::width).sum();
    }
}
