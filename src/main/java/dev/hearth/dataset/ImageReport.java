package dev.hearth.dataset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * What the pictures of a data set are like.
 *
 * @param column the column that they are in
 * @param mode {@code L} for grey, {@code RGB} for colours
 * @param sizes the most frequent sizes
 * @param sizeCount how many different sizes there are
 * @param repeated how many pictures have the values of an earlier one
 * @param repeats some pictures that are there more than once
 * @param conflicting how many different pictures are there under several labels, so that no model
 *     can tell which is right
 * @param undecodableCount how many files were left out since they could not be decoded
 * @param undecodable the first hundred of those files
 * @param ignored the first hundred files that are no pictures and were left alone
 */
record ImageReport(
        String column,
        String mode,
        Extent height,
        Extent width,
        List<PictureSize> sizes,
        int sizeCount,
        List<Channel> channels,
        long repeated,
        List<Repeat> repeats,
        long conflicting,
        long undecodableCount,
        List<Undecodable> undecodable,
        List<String> ignored) {

    private static final int SIZES_SHOWN = 20;
    private static final int REPEATS_SHOWN = 20;
    private static final int FILES_SHOWN = 10;
    private static final int IGNORED_SHOWN = 100;
    private static final int BINS = 32;

    ImageReport {
        sizes = List.copyOf(sizes);
        channels = List.copyOf(channels);
        repeats = List.copyOf(repeats);
        undecodable = List.copyOf(undecodable);
        ignored = List.copyOf(ignored);
    }

    /** Heights or widths, in pixels. */
    record Extent(int min, int max, int mostFrequent) {

        static Extent of(int[] extents) {
            var counts = new HashMap<Integer, Integer>();
            for (int extent : extents) {
                counts.merge(extent, 1, Integer::sum);
            }
            int mostFrequent =
                    counts.entrySet().stream()
                            .max(
                                    Map.Entry.<Integer, Integer>comparingByValue()
                                            .thenComparing(Map.Entry::getKey))
                            .orElseThrow()
                            .getKey();
            return new Extent(
                    Arrays.stream(extents).min().orElseThrow(),
                    Arrays.stream(extents).max().orElseThrow(),
                    mostFrequent);
        }
    }

    /** How many pictures there are of a size, in pixels. */
    record PictureSize(int height, int width, long count) {}

    /**
     * The values of a channel, from 0 to 1: what {@code Normalize} takes.
     *
     * @param std of all values (n)
     * @param histogram how many values are in each of 32 bins of equal width
     */
    record Channel(double mean, double std, List<Long> histogram) {

        static Channel of(long[] counts) {
            var bins = new Long[BINS];
            Arrays.fill(bins, 0L);
            for (int value = 0; value < counts.length; value++) {
                bins[value * BINS / counts.length] += counts[value];
            }
            return new Channel(
                    PixelStatistics.mean(counts), PixelStatistics.std(counts), List.of(bins));
        }
    }

    /**
     * A picture that is there more than once.
     *
     * @param files up to ten of them
     * @param labels all labels that it has
     */
    record Repeat(long count, List<String> files, List<String> labels) {}

    /** A file that could not be decoded. */
    record Undecodable(String file, String reason) {}

    /** What a row is called and what it is labelled; for messages, and to find contradictions. */
    record Names(IntFunction<String> files, IntFunction<String> labels) {}

    static ImageReport of(
            String name,
            ImageColumn column,
            Names names,
            List<Undecodable> undecodable,
            long undecodableCount,
            List<String> ignored) {
        List<PictureSize> sizes = sizes(column);
        Collection<List<Integer>> repeats = repeats(column.hashes());
        List<Repeat> told =
                repeats.stream()
                        .map(rows -> repeat(rows, names))
                        .sorted(Comparator.comparing((Repeat each) -> each.labels().size() < 2))
                        .toList();
        return new ImageReport(
                name,
                column.mode().name(),
                Extent.of(column.heights()),
                Extent.of(column.widths()),
                sizes.subList(0, Math.min(SIZES_SHOWN, sizes.size())),
                sizes.size(),
                IntStream.range(0, column.mode().channels())
                        .mapToObj(channel ->
                                Channel.of(column.statistics().counts(column.mode(), channel)))
                        .toList(),
                repeats.stream().mapToLong(rows -> rows.size() - 1L).sum(),
                told.subList(0, Math.min(REPEATS_SHOWN, told.size())),
                told.stream().filter(each -> each.labels().size() > 1).count(),
                undecodableCount,
                undecodable,
                ignored.subList(0, Math.min(IGNORED_SHOWN, ignored.size())));
    }

    private static List<PictureSize> sizes(ImageColumn column) {
        var counts = new HashMap<Long, Long>();
        for (int row = 0; row < column.rows(); row++) {
            long size = (long) column.heights()[row] << 32 | column.widths()[row];
            counts.merge(size, 1L, Long::sum);
        }
        return counts.entrySet().stream()
                .map(size ->
                        new PictureSize(
                                (int) (size.getKey() >>> 32),
                                size.getKey().intValue(),
                                size.getValue()))
                .sorted(
                        Comparator.comparingLong((PictureSize size) -> -size.count())
                                .thenComparingInt(PictureSize::height)
                                .thenComparingInt(PictureSize::width))
                .toList();
    }

    /** The rows of each picture that is there more than once. */
    private static Collection<List<Integer>> repeats(long[] hashes) {
        long[] sorted = hashes.clone();
        Arrays.sort(sorted);
        var repeated = new HashSet<Long>();
        for (int i = 1; i < sorted.length; i++) {
            if (sorted[i] == sorted[i - 1]) {
                repeated.add(sorted[i]);
            }
        }
        var rows = new LinkedHashMap<Long, List<Integer>>();
        for (int row = 0; row < hashes.length && !repeated.isEmpty(); row++) {
            if (repeated.contains(hashes[row])) {
                rows.computeIfAbsent(hashes[row], _ -> new ArrayList<>()).add(row);
            }
        }
        return rows.values();
    }

    private static Repeat repeat(List<Integer> rows, Names names) {
        return new Repeat(
                rows.size(),
                rows.stream().limit(FILES_SHOWN).map(names.files()::apply).toList(),
                rows.stream().map(names.labels()::apply).distinct().limit(FILES_SHOWN).toList());
    }
}
