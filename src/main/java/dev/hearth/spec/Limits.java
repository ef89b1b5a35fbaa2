package dev.hearth.spec;

/**
 * How large a model may be. Looked at before anything is allocated.
 *
 * @param maxParameters in the whole model
 * @param maxActivationElements that one mini-batch may make: its input and every layer's output
 */
public record Limits(long maxParameters, long maxActivationElements) {

    /** A gigabyte of parameters and two of activations. */
    public static final Limits DEFAULT = new Limits(250_000_000, 500_000_000);

    public Limits {
        if (maxParameters < 1 || maxActivationElements < 1) {
            throw new IllegalArgumentException("limits must be at least 1");
        }
    }
}
