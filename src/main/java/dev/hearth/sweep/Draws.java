package dev.hearth.sweep;

import dev.hearth.random.Mt19937;

/**
 * Numbers drawn by chance, repeatable by their seed: those of {@code torch.rand((),
 * dtype=torch.float64, generator=torch.Generator().manual_seed(seed))}, one call after the other.
 */
final class Draws {

    private static final long LOW_53_BITS = (1L << 53) - 1;

    private final Mt19937 numbers;

    Draws(long seed) {
        this.numbers = new Mt19937(seed);
    }

    /** Evenly from 0 to below 1. */
    double next() {
        long high = numbers.nextUnsigned();
        return (((high << 32) | numbers.nextUnsigned()) & LOW_53_BITS) * 0x1p-53;
    }
}
