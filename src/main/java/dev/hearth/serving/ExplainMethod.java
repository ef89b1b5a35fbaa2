package dev.hearth.serving;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** How an output is put down to the numbers that it was computed from. */
sealed interface ExplainMethod {

    /** Its name in a request. */
    String type();

    /** Whether the model has to have gradients. */
    boolean needsGradients();

    /** How steep the output is in each number: Simonyan, Vedaldi and Zisserman, 2013. */
    record Gradients() implements ExplainMethod {
        @Override
        public String type() {
            return "gradients";
        }

        @Override
        public boolean needsGradients() {
            return true;
        }
    }

    /**
     * What each number adds on the way from the baseline: Sundararajan, Taly and Yan, 2017.
     *
     * @param steps how many points of the way are looked at
     */
    record IntegratedGradients(int steps) implements ExplainMethod {

        static final int USUAL = 50;
        static final int MOST = 1_000;

        public IntegratedGradients {
            if (steps < 1 || steps > MOST) {
                throw refused("steps", "expected 1 to %d, got %d".formatted(MOST, steps));
            }
        }

        @Override
        public String type() {
            return "integrated_gradients";
        }

        @Override
        public boolean needsGradients() {
            return true;
        }
    }

    /**
     * How the output changes where numbers are hidden: Zeiler and Fergus, 2014.
     *
     * @param window the side of what is hidden at once of an image or a tensor
     * @param stride from one such window to the next
     */
    record Occlusion(OptionalInt window, OptionalInt stride) implements ExplainMethod {

        public Occlusion {
            if (window.orElse(1) < 1) {
                throw refused("window", "expected at least 1, got " + window.getAsInt());
            }
            if (stride.orElse(1) < 1) {
                throw refused("stride", "expected at least 1, got " + stride.getAsInt());
            }
        }

        @Override
        public String type() {
            return "occlusion";
        }

        @Override
        public boolean needsGradients() {
            return false;
        }
    }

    /**
     * Reads a request's parameters, null where they are missing.
     *
     * @throws ProblemException INVALID_PARAMETER for what is unknown, out of range, or another
     *     method's
     */
    static ExplainMethod of(
            String name,
            @Nullable Integer steps,
            @Nullable Integer window,
            @Nullable Integer stride) {
        return switch (name) {
            case "gradients" -> {
                requireMissing("steps", steps, "integrated_gradients");
                requireMissing("window", window, "occlusion");
                requireMissing("stride", stride, "occlusion");
                yield new Gradients();
            }
            case "integrated_gradients" -> {
                requireMissing("window", window, "occlusion");
                requireMissing("stride", stride, "occlusion");
                yield new IntegratedGradients(steps == null ? IntegratedGradients.USUAL : steps);
            }
            case "occlusion" -> {
                requireMissing("steps", steps, "integrated_gradients");
                yield new Occlusion(optional(window), optional(stride));
            }
            case String other ->
                    throw refused(
                            "explain",
                            "expected gradients, integrated_gradients or occlusion, got "
                                    + RowReader.quote(other));
        };
    }

    private static void requireMissing(String name, @Nullable Integer value, String method) {
        if (value != null) {
            throw refused(name, "is a parameter of explain=" + method + " alone; leave it out");
        }
    }

    private static OptionalInt optional(@Nullable Integer value) {
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }

    private static ProblemException refused(String parameter, String message) {
        return ProblemException.at(ProblemCode.INVALID_PARAMETER, parameter, message);
    }
}
