package dev.hearth.serving;

import dev.hearth.spec.Encoding;
import dev.hearth.torchscript.FloatRows;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * From what the numbers of an encoded row are given to what its columns are.
 *
 * @param values {@code [rows, encoded…]}
 */
record ColumnAttributions(Encoding encoding, FloatRows values) {

    /** The part of one column. */
    @FunctionalInterface
    private interface Reading {
        /**
         * @param column its number
         * @param first where the column's own numbers begin in the row
         */
        double read(int column, int first);
    }

    /**
     * In the columns' own units: by the chain rule through what training did to a number; per step
     * from one category to the next, or from false to true; of a category that has an input of its
     * own, as that goes from 0 to 1 and the others stay.
     *
     * @param raw {@code [rows, columns]}, row-major
     */
    Map<String, Double> slopes(int row, double[] raw) {
        List<Encoding.Feature> features = encoding.features();
        return byColumn((column, first) -> {
            Encoding.Feature feature = features.get(column);
            double cell = filled(feature, raw[row * features.size() + column]);
            return switch (feature) {
                case Encoding.Standardized standardized ->
                        values.at(row, first) / standardized.std();
                case Encoding.Scaled scaled -> values.at(row, first) * scaled.slope(cell);
                case Encoding.Numeric _, Encoding.Flag _, Encoding.Ordinal _ ->
                        values.at(row, first);
                case Encoding.OneHot _ -> values.at(row, first + (int) cell);
            };
        });
    }

    /** All that a column's numbers are given, together. */
    Map<String, Double> sums(int row) {
        return byColumn((column, first) -> {
            double sum = 0;
            int end = first + encoding.features().get(column).width();
            for (int i = first; i < end; i++) {
                sum += values.at(row, i);
            }
            return sum;
        });
    }

    /** What a column's numbers are all given alike. */
    Map<String, Double> shared(int row) {
        return byColumn((_, first) -> values.at(row, first));
    }

    private double filled(Encoding.Feature feature, double cell) {
        return Double.isNaN(cell) ? encoding.fills().getOrDefault(feature.column(), cell) : cell;
    }

    private Map<String, Double> byColumn(Reading reading) {
        var byColumn = new LinkedHashMap<String, Double>();
        int first = 0;
        for (int i = 0; i < encoding.features().size(); i++) {
            Encoding.Feature feature = encoding.features().get(i);
            byColumn.put(feature.column(), reading.read(i, first));
            first += feature.width();
        }
        return byColumn;
    }
}
