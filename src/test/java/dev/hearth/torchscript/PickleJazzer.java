package dev.hearth.torchscript;

/** The entry for Jazzer, see {@code bench/fuzz.sh}. */
public final class PickleJazzer {

    private PickleJazzer() {}

    public static void fuzzerTestOneInput(byte[] input) {
        ReaderFuzz.PICKLE.check(input);
    }
}
