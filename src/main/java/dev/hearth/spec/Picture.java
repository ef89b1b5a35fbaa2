package dev.hearth.spec;

import java.util.OptionalLong;

/**
 * What is known of a picture {@code [channels, height, width]} before there is one.
 *
 * @param height in pixels; empty where pictures differ
 * @param width in pixels; empty where pictures differ
 * @param isFloat FLOAT32, else whole numbers from 0 to 255
 */
public record Picture(long channels, OptionalLong height, OptionalLong width, boolean isFloat) {

    Picture sized(TransformSpec.Size size) {
        return sized(OptionalLong.of(size.height()), OptionalLong.of(size.width()));
    }

    Picture sized(OptionalLong newHeight, OptionalLong newWidth) {
        return new Picture(channels, newHeight, newWidth, isFloat);
    }

    /** Whether all pictures have one size. */
    public boolean isSized() {
        return height.isPresent() && width.isPresent();
    }

    @Override
    public String toString() {
        return "%d×%s×%s %s"
                .formatted(
                        channels,
                        height.isPresent() ? String.valueOf(height.getAsLong()) : "any",
                        width.isPresent() ? String.valueOf(width.getAsLong()) : "any",
                        isFloat ? "floats" : "bytes");
    }
}
