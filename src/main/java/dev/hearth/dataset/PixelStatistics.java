package dev.hearth.dataset;

import dev.hearth.dataset.image.ImageMode;
import dev.hearth.dataset.image.Picture;

/**
 * How often each value is in each channel, of which mean and deviation follow exactly, whatever the
 * order in which pictures were added. For one thread at a time.
 */
final class PixelStatistics {

    private static final int VALUES = 256;

    private final long[] grey = new long[VALUES];
    private final long[][] colours = new long[ImageMode.RGB.channels()][VALUES];

    void add(Picture picture) {
        byte[] values = picture.values();
        switch (picture.mode()) {
            case L -> count(values, 0, values.length, grey);
            case RGB -> {
                int pixels = values.length / colours.length;
                for (int c = 0; c < colours.length; c++) {
                    count(values, c * pixels, (c + 1) * pixels, colours[c]);
                }
            }
        }
    }

    private static void count(byte[] values, int from, int to, long[] counts) {
        for (int i = from; i < to; i++) {
            counts[values[i] & 0xFF]++;
        }
    }

    void add(PixelStatistics other) {
        for (int value = 0; value < VALUES; value++) {
            grey[value] += other.grey[value];
            for (int c = 0; c < colours.length; c++) {
                colours[c][value] += other.colours[c][value];
            }
        }
    }

    /** How often each value is in a channel of pictures of this mode; grey is in all colours. */
    long[] counts(ImageMode mode, int channel) {
        return switch (mode) {
            case L -> grey.clone();
            case RGB -> {
                var all = grey.clone();
                for (int value = 0; value < VALUES; value++) {
                    all[value] += colours[channel][value];
                }
                yield all;
            }
        };
    }

    /** The mean of values from 0 to 1. */
    static double mean(long[] counts) {
        long count = 0;
        long sum = 0;
        for (int value = 0; value < VALUES; value++) {
            count += counts[value];
            sum += value * counts[value];
        }
        return (double) sum / count / (VALUES - 1);
    }

    /** The deviation of values from 0 to 1, of all values (n). */
    static double std(long[] counts) {
        double mean = mean(counts) * (VALUES - 1);
        long count = 0;
        double squares = 0;
        for (int value = 0; value < VALUES; value++) {
            count += counts[value];
            squares += counts[value] * (value - mean) * (value - mean);
        }
        return Math.sqrt(squares / count) / (VALUES - 1);
    }
}
