package dev.hearth.torchscript;

/**
 * What a computation's time went into, added up over its calls. What is in neither is the making of
 * the input. On a device that computes by itself, the output waits for it.
 */
public final class Laps {

    private long inferNanos;
    private long outputNanos;

    /** Running the program. */
    public long inferNanos() {
        return inferNanos;
    }

    /** Reading the output back, and whatever is done with it. */
    public long outputNanos() {
        return outputNanos;
    }

    void infer(long nanos) {
        inferNanos += nanos;
    }

    public void output(long nanos) {
        outputNanos += nanos;
    }
}
