package dev.hearth.dataset.image;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.DirectColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.util.Arrays;

/**
 * Turns what a reader of the JDK gives into the values that Pillow's {@code convert} gives. Values
 * are taken as the file has them: no profile, no gamma, and alpha is left out.
 */
final class Pixels {

    private Pixels() {}

    static Picture of(BufferedImage image, ImageMode wanted) {
        ColorModel colours = image.getColorModel();
        Raster raster = image.getRaster();
        int pixels = Math.multiplyExact(raster.getWidth(), raster.getHeight());
        byte[][] channels = channels(raster, colours, pixels);
        return picture(channels, raster.getHeight(), raster.getWidth(), wanted);
    }

    /**
     * Printing inks, inverted as Adobe's programs write them, and Pillow takes them to be.
     *
     * @param isYcck whether all but the key are written as luminance and colour differences
     */
    static Picture ofInks(Raster raster, boolean isYcck, ImageMode wanted) {
        int pixels = Math.multiplyExact(raster.getWidth(), raster.getHeight());
        byte[][] inks = bands(raster, pixels, 4);
        if (isYcck) {
            invertToInks(inks);
        }
        var channels = new byte[3][pixels];
        for (int i = 0; i < pixels; i++) {
            int light = inks[3][i] & 0xFF; // 255 − key
            for (int c = 0; c < 3; c++) {
                int ink = 255 - (inks[c][i] & 0xFF);
                int product = ink * light + 128;
                channels[c][i] = (byte) Math.max(0, light - (((product >> 8) + product) >> 8));
            }
        }
        return picture(channels, raster.getHeight(), raster.getWidth(), wanted);
    }

    /** As libjpeg's {@code jdcolor.c} does, in 1/65536. */
    private static void invertToInks(byte[][] channels) {
        for (int i = 0; i < channels[0].length; i++) {
            int y = channels[0][i] & 0xFF;
            int blue = (channels[1][i] & 0xFF) - 128;
            int red = (channels[2][i] & 0xFF) - 128;
            channels[0][i] = ink(y + ((91881 * red + 0x8000) >> 16));
            channels[1][i] = ink(y + ((-22554 * blue - 46802 * red + 0x8000) >> 16));
            channels[2][i] = ink(y + ((116130 * blue + 0x8000) >> 16));
        }
    }

    private static byte ink(int light) {
        return (byte) (255 - Math.clamp(light, 0, 255));
    }

    /** One channel, or three. */
    private static byte[][] channels(Raster raster, ColorModel colours, int pixels) {
        return switch (colours) {
            case IndexColorModel palette -> lookedUp(bands(raster, pixels, 1)[0], palette);
            case DirectColorModel packed -> scaled(raster, packed, pixels);
            default -> bands(raster, pixels, raster.getNumBands() >= 3 ? 3 : 1);
        };
    }

    private static byte[][] lookedUp(byte[] indices, IndexColorModel palette) {
        var colours = new byte[3][256];
        var own = new byte[palette.getMapSize()];
        palette.getReds(own);
        System.arraycopy(own, 0, colours[0], 0, Math.min(own.length, 256));
        palette.getGreens(own);
        System.arraycopy(own, 0, colours[1], 0, Math.min(own.length, 256));
        palette.getBlues(own);
        System.arraycopy(own, 0, colours[2], 0, Math.min(own.length, 256));
        var channels = new byte[3][indices.length];
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < indices.length; i++) {
                channels[c][i] = colours[c][indices[i] & 0xFF];
            }
        }
        return channels;
    }

    /** Few bits are stretched to eight, rounding down as Pillow does. */
    private static byte[][] scaled(Raster raster, DirectColorModel packed, int pixels) {
        int width = raster.getWidth();
        var row = new int[width];
        var channels = new byte[3][pixels];
        for (int c = 0; c < 3; c++) {
            int largest = (1 << packed.getComponentSize(c)) - 1;
            for (int y = 0; y < raster.getHeight(); y++) {
                raster.getSamples(0, y, width, 1, c, row);
                for (int x = 0; x < width; x++) {
                    channels[c][y * width + x] = (byte) (row[x] * 255 / largest);
                }
            }
        }
        return channels;
    }

    private static byte[][] bands(Raster raster, int pixels, int count) {
        if (raster.getSampleModel() instanceof PixelInterleavedSampleModel model
                && raster.getDataBuffer() instanceof DataBufferByte data
                && raster.getParent() == null) {
            return bands(model, data, raster, new byte[count][pixels]);
        }
        int width = raster.getWidth();
        boolean isWide = raster.getTransferType() == DataBuffer.TYPE_USHORT;
        var row = new int[width];
        var bands = new byte[count][pixels];
        for (int band = 0; band < count; band++) {
            for (int y = 0; y < raster.getHeight(); y++) {
                raster.getSamples(0, y, width, 1, band, row);
                for (int x = 0; x < width; x++) {
                    int value = row[x];
                    if (isWide) {
                        value = narrow(value, raster.getNumBands());
                    }
                    bands[band][y * width + x] = (byte) value;
                }
            }
        }
        return bands;
    }

    /** Pillow keeps the high byte of 16 bits; but of plain grey, it cuts what is above 255. */
    private static int narrow(int value, int bands) {
        return bands == 1 ? Math.min(value, 255) : value >>> 8;
    }

    private static byte[][] bands(
            PixelInterleavedSampleModel model, DataBufferByte data, Raster raster, byte[][] bands) {
        byte[] values = data.getData();
        int step = model.getPixelStride();
        int[] offsets = model.getBandOffsets();
        int width = raster.getWidth();
        for (int band = 0; band < bands.length; band++) {
            byte[] target = bands[band];
            for (int y = 0; y < raster.getHeight(); y++) {
                int from = data.getOffset() + y * model.getScanlineStride() + offsets[band];
                for (int x = 0, to = y * width; x < width; x++, to++, from += step) {
                    target[to] = values[from];
                }
            }
        }
        return bands;
    }

    static Picture converted(Picture picture, ImageMode wanted) {
        int pixels = picture.height() * picture.width();
        var channels = new byte[picture.mode().channels()][];
        for (int c = 0; c < channels.length; c++) {
            channels[c] = Arrays.copyOfRange(picture.values(), c * pixels, (c + 1) * pixels);
        }
        return picture(channels, picture.height(), picture.width(), wanted);
    }

    private static Picture picture(byte[][] channels, int height, int width, ImageMode wanted) {
        byte[] values =
                switch (wanted) {
                    case L -> channels.length == 1 ? channels[0] : grey(channels);
                    case RGB -> joined(channels);
                };
        return new Picture(wanted, height, width, values);
    }

    /** Pillow's weights of ITU-R 601, in 1/65536. */
    private static byte[] grey(byte[][] channels) {
        var grey = new byte[channels[0].length];
        for (int i = 0; i < grey.length; i++) {
            int sum =
                    (channels[0][i] & 0xFF) * 19595
                            + (channels[1][i] & 0xFF) * 38470
                            + (channels[2][i] & 0xFF) * 7471;
            grey[i] = (byte) ((sum + 0x8000) >> 16);
        }
        return grey;
    }

    private static byte[] joined(byte[][] channels) {
        int pixels = channels[0].length;
        byte[] joined = Arrays.copyOf(channels[0], Math.multiplyExact(pixels, 3));
        for (int c = 1; c < 3; c++) {
            System.arraycopy(channels[channels.length == 1 ? 0 : c], 0, joined, c * pixels, pixels);
        }
        return joined;
    }
}
