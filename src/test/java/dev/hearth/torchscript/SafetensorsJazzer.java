package dev.hearth.torchscript;

/** The entry for Jazzer, see {@code bench/fuzz.sh}. */
public final class SafetensorsJazzer {

    private SafetensorsJazzer() {}

    public static void fuzzerTestOneInput(byte[] input) {
        ReaderFuzz.SAFETENSORS.check(input);
    }
}
