package dev.hearth.dataset;

import dev.hearth.random.Mt19937;

/**
 * The permutation that PyTorch gives: {@code torch.randperm(n,
 * generator=torch.Generator().manual_seed(seed))} on the CPU, for fewer than 2³²/20 elements.
 */
final class TorchPermutation {

    private TorchPermutation() {}

    /**
     * @param n from 0 to {@link DatasetSettings#MOST_ROWS}
     * @param seed PyTorch's generator takes its low 32 bits
     */
    static int[] of(int n, long seed) {
        if (n < 0 || n > DatasetSettings.MOST_ROWS) {
            throw new IllegalArgumentException(
                    "expected 0 to " + DatasetSettings.MOST_ROWS + " elements, got " + n);
        }
        var random = new Mt19937(seed);
        var order = new int[n];
        for (var i = 0; i < n; i++) {
            order[i] = i;
        }
        for (var i = 0; i < n - 1; i++) {
            var drawn = random.nextUnsigned() % (n - i);
            var other = i + (int) drawn;
            var swapped = order[i];
            order[i] = order[other];
            order[other] = swapped;
        }
        return order;
    }
}
