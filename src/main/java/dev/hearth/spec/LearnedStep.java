package dev.hearth.spec;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** A {@link ColumnStep} with what it learned, in scikit-learn's words, on one number. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = LearnedStep.Standard.class, name = "StandardScaler"),
    @JsonSubTypes.Type(value = LearnedStep.MinMax.class, name = "MinMaxScaler"),
    @JsonSubTypes.Type(value = LearnedStep.Robust.class, name = "RobustScaler"),
    @JsonSubTypes.Type(value = LearnedStep.Log1p.class, name = "Log1p"),
    @JsonSubTypes.Type(value = LearnedStep.Clip.class, name = "Clip")
})
public sealed interface LearnedStep {

    /** What the step is called in JSON. */
    default String type() {
        return switch (this) {
            case Standard _ -> "StandardScaler";
            case MinMax _ -> "MinMaxScaler";
            case Robust _ -> "RobustScaler";
            case Log1p _ -> "Log1p";
            case Clip _ -> "Clip";
        };
    }

    /** The number after this step; not finite where the step has no value for it. */
    double apply(double x);

    /** The step's derivative, as PyTorch has it: 1 within and at the ends of a clip. */
    double slope(double x);

    /** {@code (x − mean) / scale}. */
    record Standard(double mean, double scale) implements LearnedStep {
        public Standard {
            requireScale(mean, scale);
        }

        @Override
        public double apply(double x) {
            return (x - mean) / scale;
        }

        @Override
        public double slope(double x) {
            return 1 / scale;
        }
    }

    /** {@code x · scale + min}. */
    record MinMax(double scale, double min) implements LearnedStep {
        public MinMax {
            requireScale(min, scale);
        }

        @Override
        public double apply(double x) {
            return x * scale + min;
        }

        @Override
        public double slope(double x) {
            return scale;
        }
    }

    /** {@code (x − center) / scale}. */
    record Robust(double center, double scale) implements LearnedStep {
        public Robust {
            requireScale(center, scale);
        }

        @Override
        public double apply(double x) {
            return (x - center) / scale;
        }

        @Override
        public double slope(double x) {
            return 1 / scale;
        }
    }

    /** {@code ln(1 + x)}, of numbers above −1. */
    record Log1p() implements LearnedStep {
        @Override
        public double apply(double x) {
            return StrictMath.log1p(x);
        }

        @Override
        public double slope(double x) {
            return 1 / (1 + x);
        }
    }

    /** {@code min(max(x, min), max)}. */
    record Clip(double min, double max) implements LearnedStep {
        public Clip {
            if (!(min <= max)) {
                throw new IllegalArgumentException("min %s and max %s".formatted(min, max));
            }
        }

        @Override
        public double apply(double x) {
            return Math.clamp(x, min, max);
        }

        @Override
        public double slope(double x) {
            return x >= min && x <= max ? 1 : 0;
        }
    }

    private static void requireScale(double shift, double scale) {
        if (!Double.isFinite(shift) || !(scale > 0 && scale <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("shift %s and scale %s".formatted(shift, scale));
        }
    }
}
