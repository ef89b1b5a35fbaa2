package dev.hearth.spec;

/** Random in training, the identity otherwise. */
public sealed interface Noise extends LayerSpec {

    /** The probability that a value is dropped. */
    double p();

    private static double checked(double p) {
        LayerSpec.require(p >= 0 && p < 1, "p must be at least 0 and below 1");
        return p;
    }

    /** Zeroes each element with probability {@code p}. */
    record Dropout(double p) implements Noise {
        public Dropout {
            p = checked(p);
        }
    }

    /** Zeroes each channel, the first dimension of a sample. */
    record Dropout2d(double p) implements Noise {
        public Dropout2d {
            p = checked(p);
        }
    }

    /** Sets elements to SELU's lower limit, and keeps mean and variance. */
    record AlphaDropout(double p) implements Noise {
        public AlphaDropout {
            p = checked(p);
        }
    }
}
