package dev.hearth.random;

/**
 * The Mersenne twister as PyTorch's CPU generator has it. (That of Commons Math differs for seeds
 * from 2³¹ on, which it takes for negative numbers.)
 */
public final class Mt19937 {

    private static final int N = 624;
    private static final int M = 397;

    private final int[] state = new int[N];
    private int next = N;

    /** Only the low 32 bits of the seed count. */
    public Mt19937(long seed) {
        state[0] = (int) seed;
        for (var i = 1; i < N; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
        }
    }

    /** The next draw, from 0 to 2³² − 1. */
    public long nextUnsigned() {
        if (next == N) {
            twist();
        }
        var y = state[next++];
        y ^= y >>> 11;
        y ^= (y << 7) & 0x9D2C5680;
        y ^= (y << 15) & 0xEFC60000;
        y ^= y >>> 18;
        return Integer.toUnsignedLong(y);
    }

    private void twist() {
        for (var i = 0; i < N; i++) {
            var y = (state[i] & 0x80000000) | (state[(i + 1) % N] & 0x7FFFFFFF);
            state[i] = state[(i + M) % N] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : 0x9908B0DF);
        }
        next = 0;
    }
}
