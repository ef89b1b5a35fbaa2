package dev.hearth.dataset.image;

/**
 * A decoded picture.
 *
 * @param values {@code [channels, height, width]}, row-major
 */
@SuppressWarnings("ArrayRecordComponent") // millions of values, made once and read once
public record Picture(ImageMode mode, int height, int width, byte[] values) {

    public Picture {
        if (values.length != (long) mode.channels() * height * width) {
            throw new IllegalArgumentException(
                    "%s picture of %d×%d has %d values"
                            .formatted(mode, height, width, values.length));
        }
    }

    /** The same picture in another mode, as Pillow's {@code convert} makes it. */
    public Picture in(ImageMode wanted) {
        return wanted == mode ? this : Pixels.converted(this, wanted);
    }
}
