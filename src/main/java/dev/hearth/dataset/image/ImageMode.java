package dev.hearth.dataset.image;

import java.util.Arrays;
import java.util.Optional;

/** What a picture's values are, named as in Pillow. */
public enum ImageMode {
    /** Grey: one channel. */
    L(1),
    /** Red, green and blue: three channels. */
    RGB(3);

    private final int channels;

    ImageMode(int channels) {
        this.channels = channels;
    }

    public int channels() {
        return channels;
    }

    public static Optional<ImageMode> of(String name) {
        return Arrays.stream(values()).filter(mode -> mode.name().equals(name)).findFirst();
    }
}
