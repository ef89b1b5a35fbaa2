package dev.hearth.sweep;

import java.util.List;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The values that a parameter may have. */
sealed interface Domain {

    /**
     * @param u drawn evenly from 0 to below 1
     */
    JsonNode at(double u);

    /** How many there are; empty where they are too many to count. */
    OptionalLong size();

    /** Some values, each as likely. */
    record Choices(List<JsonNode> values) implements Domain {

        public Choices {
            values = List.copyOf(values);
        }

        @Override
        public JsonNode at(double u) {
            return values.get((int) (u * values.size()));
        }

        @Override
        public OptionalLong size() {
            return OptionalLong.of(values.size());
        }
    }

    /** Real numbers from {@code min} to {@code max}: evenly, or their logarithms evenly. */
    record Reals(double min, double max, boolean log) implements Domain {

        @Override
        public JsonNode at(double u) {
            double value =
                    log
                            ? Math.exp(Math.log(min) + u * (Math.log(max) - Math.log(min)))
                            : min + u * (max - min);
            return JsonNodeFactory.instance.numberNode(Math.clamp(value, min, max));
        }

        @Override
        public OptionalLong size() {
            return OptionalLong.empty();
        }
    }

    /** Whole numbers from {@code min} to {@code max}: evenly, or their logarithms about evenly. */
    record Integers(long min, long max, boolean log) implements Domain {

        @Override
        public JsonNode at(double u) {
            double begin = min;
            double end = max + 1.0;
            double value =
                    log
                            ? Math.exp(Math.log(begin) + u * (Math.log(end) - Math.log(begin)))
                            : begin + u * (end - begin);
            return JsonNodeFactory.instance.numberNode(
                    Math.clamp((long) Math.floor(value), min, max));
        }

        @Override
        public OptionalLong size() {
            return OptionalLong.of(max - min + 1);
        }
    }
}
