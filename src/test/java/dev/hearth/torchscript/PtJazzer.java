package dev.hearth.torchscript;

/** The entry for Jazzer, see {@code bench/fuzz.sh}. */
public final class PtJazzer {

    private PtJazzer() {}

    public static void fuzzerTestOneInput(byte[] input) {
        ReaderFuzz.PT.check(input);
    }
}
