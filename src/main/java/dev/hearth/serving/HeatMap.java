package dev.hearth.serving;

import dev.hearth.dataset.image.ImageMode;
import dev.hearth.dataset.image.Picture;
import dev.hearth.dataset.image.PngEncoder;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.spec.BlockInput;
import dev.hearth.spec.Shape;
import dev.hearth.spec.TransformSpec;
import dev.hearth.torchscript.FloatRows;
import java.util.Arrays;
import java.util.List;

/**
 * A picture of what images' outputs are put down to: a line for each image; to the left what the
 * layers got, to the right the attributions over a pale copy of it, red for what speaks for the
 * output and blue for what speaks against it. The strength of a colour is the pixel's attribution,
 * its channels added, relative to the largest of its image but for one pixel in a hundred.
 *
 * @param inputs {@code [rows, channels, height, width]}
 * @param attributions in the same shape
 */
record HeatMap(BlockInput block, FloatRows inputs, FloatRows attributions) {

    private static final int SIDE = 280;
    private static final int GAP = 4;
    private static final int WHITE = 255;
    private static final int MOST_PIXELS = 16_000_000;
    private static final double STRONGEST = 0.99;
    private static final double PALE = 0.3;
    private static final int[] FOR = {178, 24, 43};
    private static final int[] AGAINST = {33, 102, 172};

    /** Writes a row's part of the picture. */
    @FunctionalInterface
    private interface Colour {
        int at(int channel, int pixel);
    }

    /**
     * Refuses what would be too large a picture, before it is computed.
     *
     * @param shape of an image as the layers get it
     * @throws ProblemException BATCH_TOO_LARGE
     */
    static void requireRoom(int rows, Shape shape) {
        if (pixels(rows, shape.dims().get(1), shape.dims().get(2), 1) > MOST_PIXELS) {
            throw new ProblemException(
                    ProblemCode.BATCH_TOO_LARGE,
                    "%d images %s make too large a picture; send fewer, or ask for JSON"
                            .formatted(rows, shape));
        }
    }

    /** A file of the picture. */
    byte[] png() {
        int height = extent(1);
        int width = extent(2);
        int scale = Math.max(1, SIDE / Math.max(height, width));
        while (scale > 1 && pixels(inputs.count(), height, width, scale) > MOST_PIXELS) {
            scale--;
        }
        int lines = inputs.count() * (height * scale + GAP) - GAP;
        int columns = 2 * width * scale + GAP;
        var picture = new byte[ImageMode.RGB.channels() * lines * columns];
        Arrays.fill(picture, (byte) WHITE);
        var canvas = new Canvas(picture, lines, columns, scale);
        for (int row = 0; row < inputs.count(); row++) {
            int top = row * (height * scale + GAP);
            double[] seen = seen(row);
            canvas.draw(top, 0, height, width, image(seen));
            canvas.draw(top, width * scale + GAP, height, width, map(row, seen));
        }
        return PngEncoder.encode(new Picture(ImageMode.RGB, lines, columns, picture));
    }

    private int extent(int dimension) {
        return Math.toIntExact(inputs.shape().get(dimension));
    }

    private static long pixels(int rows, long height, long width, int scale) {
        return rows * (height * scale + GAP) * (2 * width * scale + GAP);
    }

    /** What a row of the picture is drawn on. */
    @SuppressWarnings("ArrayRecordComponent") // made once for a picture, never compared
    private record Canvas(byte[] picture, int lines, int columns, int scale) {

        void draw(int top, int left, int height, int width, Colour colour) {
            for (int channel = 0; channel < ImageMode.RGB.channels(); channel++) {
                for (int y = 0; y < height * scale; y++) {
                    int from = (channel * lines + top + y) * columns + left;
                    for (int x = 0; x < width * scale; x++) {
                        picture[from + x] =
                                (byte) colour.at(channel, y / scale * width + x / scale);
                    }
                }
            }
        }
    }

    private Colour image(double[] seen) {
        int pixels = extent(1) * extent(2);
        boolean isGrey = extent(0) < ImageMode.RGB.channels();
        return (channel, pixel) ->
                (int) Math.round(WHITE * seen[(isGrey ? 0 : channel) * pixels + pixel]);
    }

    private Colour map(int row, double[] seen) {
        double[] strength = strength(row);
        int pixels = strength.length;
        return (channel, pixel) -> {
            double grey = 0;
            for (int i = pixel; i < seen.length; i += pixels) {
                grey += seen[i] * pixels / seen.length;
            }
            double pale = WHITE * (1 - PALE + PALE * grey);
            int full = (strength[pixel] > 0 ? FOR : AGAINST)[channel];
            return (int) Math.round(pale + Math.abs(strength[pixel]) * (full - pale));
        };
    }

    /** Of each pixel, from −1 to 1. */
    private double[] strength(int row) {
        var sums = new double[extent(1) * extent(2)];
        for (int i = 0; i < attributions.width(); i++) {
            sums[i % sums.length] += attributions.at(row, i);
        }
        double[] sorted = Arrays.stream(sums).map(Math::abs).sorted().toArray();
        double strongest = sorted[(int) Math.round((sorted.length - 1) * STRONGEST)];
        // Where nearly all pixels have none, the few that have some are still to be seen.
        double most = strongest > 0 ? strongest : sorted[sorted.length - 1];
        return most > 0
                ? Arrays.stream(sums).map(sum -> Math.clamp(sum / most, -1, 1)).toArray()
                : sums;
    }

    /** What the layers got of an image, from 0 to 1 as it was before it was normalised. */
    private double[] seen(int row) {
        var values = new double[inputs.width()];
        for (int i = 0; i < values.length; i++) {
            values[i] = inputs.at(row, i);
        }
        int pixels = extent(1) * extent(2);
        for (TransformSpec transform : block.transforms().reversed()) {
            if (transform instanceof TransformSpec.Grayscale) {
                break; // what was done to other channels before it cannot be undone
            }
            if (transform instanceof TransformSpec.Normalize(List<Double> mean, List<Double> std)) {
                for (int i = 0; i < values.length; i++) {
                    int channel = i / pixels;
                    values[i] = values[i] * of(std, channel) + of(mean, channel);
                }
            }
        }
        return Arrays.stream(values).map(value -> Math.clamp(value, 0, 1)).toArray();
    }

    private static double of(List<Double> perChannel, int channel) {
        return perChannel.get(perChannel.size() == 1 ? 0 : channel);
    }
}
