package dev.hearth.dataset;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A column that tells another one nearly or wholly: where one of them is the target, the other one
 * is likely to leak it. Each column is told once, beside the first that it goes with.
 *
 * @param correlation Pearson's, of a {@link Kind#CORRELATED} pair; measured on rows spread evenly
 *     over the data set, at most 50,000 of them
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Relation(String column, String other, Kind kind, @Nullable Double correlation) {

    /** How two columns go together. */
    enum Kind {
        /** Their cells are the same in each row. */
        @JsonProperty("identical")
        IDENTICAL,
        /** Each cell of the one goes with a single cell of the other, and the other way round. */
        @JsonProperty("one_to_one")
        ONE_TO_ONE,
        /** The one is nearly a multiple of the other. */
        @JsonProperty("correlated")
        CORRELATED
    }

    private static final double HIGH = 0.999;
    private static final int FEWEST_ROWS = 20;
    private static final int FEWEST_SAMPLED = 200;
    private static final int MOST_SAMPLED = 50_000;

    /** Rows times pairs of columns: what looking for correlations may cost. */
    private static final long WORK = 100_000_000;

    static List<Relation> among(Schema schema, List<NumberSummary> summaries, Table table) {
        var relations = new ArrayList<Relation>();
        var told = new HashSet<String>();
        equal(schema, relations, told);
        correlated(schema, summaries, table, relations, told);
        return relations;
    }

    private static void equal(Schema schema, List<Relation> relations, HashSet<String> told) {
        var byCells = new HashMap<Long, String>();
        var byPattern = new HashMap<Long, String>();
        for (var profile : schema.profiles()) {
            var distinct = profile.distinct();
            if (!distinct.overflowed() && distinct.size() < 2) {
                continue;
            }
            var name = profile.name();
            var same = byCells.putIfAbsent(profile.cellsHash(), name);
            // Cells that are all different go with any others of which that is true.
            var alike =
                    distinct.overflowed() || distinct.size() == profile.filled()
                            ? null
                            : byPattern.putIfAbsent(profile.patternHash(), name);
            if (same != null) {
                relations.add(new Relation(name, same, Kind.IDENTICAL, null));
                told.add(name);
            } else if (alike != null) {
                relations.add(new Relation(name, alike, Kind.ONE_TO_ONE, null));
                told.add(name);
            }
        }
    }

    private static void correlated(
            Schema schema,
            List<NumberSummary> summaries,
            Table table,
            List<Relation> relations,
            HashSet<String> told) {
        var numbers = new ArrayList<Integer>();
        for (var i = 0; i < summaries.size(); i++) {
            var varies = summaries.get(i).std().orElse(0) > 0;
            if (varies && !told.contains(schema.columns().get(i).name())) {
                numbers.add(i);
            }
        }
        var pairs = Math.max(1, (long) numbers.size() * (numbers.size() - 1) / 2);
        var count =
                (int)
                        Math.min(
                                schema.rows(),
                                Math.clamp(WORK / pairs, FEWEST_SAMPLED, MOST_SAMPLED));
        if (count < FEWEST_ROWS) {
            return;
        }
        var samples = new ArrayList<double[]>();
        for (var column : numbers) {
            samples.add(
                    sample(
                            table.values(schema.columns().get(column).name()),
                            schema.rows(),
                            count,
                            summaries.get(column)));
            for (var earlier = 0; earlier < samples.size() - 1; earlier++) {
                var r = correlation(samples.get(earlier), samples.getLast());
                if (Math.abs(r) > HIGH) {
                    relations.add(
                            new Relation(
                                    schema.columns().get(column).name(),
                                    schema.columns().get(numbers.get(earlier)).name(),
                                    Kind.CORRELATED,
                                    Math.clamp(r, -1, 1)));
                    break;
                }
            }
        }
    }

    /**
     * Values of rows spread evenly, centred and scaled so that no sum loses them; NaN if missing.
     */
    private static double[] sample(Values values, long rows, int count, NumberSummary numbers) {
        var mean = numbers.mean().orElseThrow();
        var std = numbers.std().orElseThrow();
        var sample = new double[count];
        for (var i = 0; i < count; i++) {
            var row = i * rows / count;
            sample[i] = values.missingAt(row) ? Double.NaN : (values.at(row) - mean) / std;
        }
        return sample;
    }

    /** Over the rows that have both; 0 where there are few of them or one does not vary. */
    private static double correlation(double[] xs, double[] ys) {
        var n = 0;
        double x = 0;
        double y = 0;
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (var i = 0; i < xs.length; i++) {
            if (!Double.isNaN(xs[i]) && !Double.isNaN(ys[i])) {
                n++;
                x += xs[i];
                y += ys[i];
                xx += xs[i] * xs[i];
                yy += ys[i] * ys[i];
                xy += xs[i] * ys[i];
            }
        }
        if (n < FEWEST_ROWS) {
            return 0;
        }
        var spread = (xx - x * x / n) * (yy - y * y / n);
        return spread > 0 ? (xy - x * y / n) / Math.sqrt(spread) : 0;
    }
}
