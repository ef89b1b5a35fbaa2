package dev.hearth.dataset.image;

import java.util.List;
import java.util.Optional;

/** Decoding as the target of a fuzzer. */
public final class DecoderFuzz {

    private static final long MOST_PIXELS = 100_000;

    private DecoderFuzz() {}

    public static List<byte[]> seeds() {
        return ImageDecoderTest.pictures().map(ImageDecoderTest::bytes).toList();
    }

    /** Whether it was decoded; it is refused otherwise. */
    public static boolean reads(byte[] input) {
        try (var decoder = new ImageDecoder(MOST_PIXELS)) {
            return decoder.decode(input, Optional.of(ImageMode.RGB)).height() > 0;
        } catch (UndecodableException e) {
            if (e.explanation().isBlank()) {
                throw new AssertionError("refused without a word", e);
            }
            return false;
        }
    }
}
