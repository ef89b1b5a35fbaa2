package dev.hearth.dataset.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** Writes pictures as PNG files, to be looked at. */
public final class PngEncoder {

    private PngEncoder() {}

    /** A file with exactly the picture's values. */
    public static byte[] encode(Picture picture) {
        return encode(picture, 1);
    }

    /**
     * A file of at most {@code side} pixels in height and width, of every n-th pixel.
     *
     * @param side at least 1
     */
    public static byte[] small(Picture picture, int side) {
        return encode(picture, Math.ceilDiv(Math.max(picture.height(), picture.width()), side));
    }

    private static byte[] encode(Picture picture, int step) {
        int height = Math.ceilDiv(picture.height(), step);
        int width = Math.ceilDiv(picture.width(), step);
        int pixels = picture.height() * picture.width();
        var image =
                new BufferedImage(
                        width,
                        height,
                        switch (picture.mode()) {
                            case L -> BufferedImage.TYPE_BYTE_GRAY;
                            case RGB -> BufferedImage.TYPE_3BYTE_BGR;
                        });
        var row = new int[width];
        for (int channel = 0; channel < picture.mode().channels(); channel++) {
            for (int y = 0; y < height; y++) {
                int from = channel * pixels + y * step * picture.width();
                for (int x = 0; x < width; x++) {
                    row[x] = picture.values()[from + x * step] & 0xFF;
                }
                image.getRaster().setSamples(0, y, width, 1, channel, row);
            }
        }
        var out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
