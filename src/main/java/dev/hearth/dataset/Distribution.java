package dev.hearth.dataset;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the numbers of a column lie.
 *
 * @param histogram left out of a constant column
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Distribution(@Nullable Histogram histogram, Quantiles quantiles) {

    private static final int BINS = 20;

    /** Exact, and between two values where the place is between them, as {@code numpy.quantile}. */
    record Quantiles(
            double p01, double p05, double p25, double p50, double p75, double p95, double p99) {}

    /**
     * Bins of equal width from the least value to the greatest, as {@code numpy.histogram}: a value
     * on an edge is in the bin that begins there, the greatest in the last.
     *
     * @param edges one more than there are bins
     */
    record Histogram(List<Double> edges, List<Long> counts) {
        Histogram {
            edges = List.copyOf(edges);
            counts = List.copyOf(counts);
        }
    }

    /**
     * @param numbers of these values; at least one
     */
    static Distribution of(Values values, long rows, NumberSummary numbers) {
        return new Distribution(
                histogram(values, rows, numbers.min(), numbers.max()),
                quantiles(values, rows, numbers.count()));
    }

    private static @Nullable Histogram histogram(Values values, long rows, double min, double max) {
        var width = (max - min) / BINS;
        if (!(width > 0 && Double.isFinite(width))) {
            return null;
        }
        var edges = new double[BINS + 1];
        for (var i = 0; i < BINS; i++) {
            edges[i] = i * width + min;
        }
        edges[BINS] = max;
        var counts = new long[BINS];
        for (long row = 0; row < rows; row++) {
            if (!values.missingAt(row)) {
                counts[bin(values.at(row), edges, width)]++;
            }
        }
        return new Histogram(
                Arrays.stream(edges).boxed().toList(), Arrays.stream(counts).boxed().toList());
    }

    /** The division may land beside an edge; the edges as they are written decide. */
    private static int bin(double value, double[] edges, double width) {
        var bin = Math.clamp((long) ((value - edges[0]) / width), 0, BINS - 1);
        if (value < edges[bin]) {
            return bin - 1;
        }
        return bin < BINS - 1 && value >= edges[bin + 1] ? bin + 1 : bin;
    }

    private static Quantiles quantiles(Values values, long rows, long count) {
        var shares = new double[] {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99};
        var ranks = new long[2 * shares.length];
        for (var i = 0; i < shares.length; i++) {
            ranks[2 * i] = (long) Math.floor(shares[i] * (count - 1));
            ranks[2 * i + 1] = Math.min(ranks[2 * i] + 1, count - 1);
        }
        var found = OrderStatistics.at(ranks, values, rows);
        var at = new ArrayList<Double>();
        for (var i = 0; i < shares.length; i++) {
            var part = shares[i] * (count - 1) - ranks[2 * i];
            at.add(between(found[2 * i], found[2 * i + 1], part));
        }
        return new Quantiles(
                at.get(0), at.get(1), at.get(2), at.get(3), at.get(4), at.get(5), at.get(6));
    }

    private static double between(double low, double high, double part) {
        var step = high - low;
        if (!Double.isFinite(step)) {
            return low * (1 - part) + high * part;
        }
        // From the nearer end, as NumPy does, so that the ends themselves come out exactly.
        return part < 0.5 ? low + step * part : high - step * (1 - part);
    }
}
