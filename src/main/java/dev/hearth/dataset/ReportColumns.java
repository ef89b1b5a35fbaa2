package dev.hearth.dataset;

import dev.hearth.dataset.BarChart.Bar;
import dev.hearth.dataset.BarChart.Ends;
import dev.hearth.dataset.Report.ColumnReport;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a report as a part of its page: the balance of what has few values, and histograms
 * of numbers.
 *
 * @param rows of the data set
 */
record ReportColumns(List<ColumnReport> columns, long rows) {

    /** Of so many values each has its own bar; where there are more, numbers have a histogram. */
    private static final int MOST_BALANCED = 12;

    void draw(Html page) {
        page.raw(
                "<h2>Columns</h2><table><tr><th>Name</th><th>Type</th><th>Missing</th><th>Distinct</th>"
                        + "<th>Range</th><th>Values</th></tr>");
        for (ColumnReport column : columns) {
            page.raw("<tr>")
                    .element("th", column.name())
                    .element("td", column.type() + (column.constant() ? ", constant" : ""))
                    .element("td", missing(column))
                    .element(
                            "td",
                            (column.distinctExact() ? "" : "more than ")
                                    + ReportPage.number(column.distinct()))
                    .raw("<td>");
            range(page, column);
            page.raw("</td><td>");
            values(page, column);
            page.raw("</td></tr>");
        }
        page.raw("</table>");
    }

    private void values(Html page, ColumnReport column) {
        List<Report.ValueCount> values = column.values();
        Distribution.@Nullable Histogram histogram =
                column.distribution() == null ? null : column.distribution().histogram();
        if (histogram != null && (values == null || column.distinct() > MOST_BALANCED)) {
            histogram(page, column.name(), histogram);
            return;
        }
        if (values == null) {
            return;
        }
        long filled = rows - column.missing();
        BarChart.balance(
                page,
                values.stream().map(value -> new Bar(value.value(), value.count())).toList(),
                filled);
        long others = filled - values.stream().mapToLong(Report.ValueCount::count).sum();
        if (others > 0) {
            page.element(
                    "p",
                    "and %s cells (%s) of other values"
                            .formatted(ReportPage.number(others), BarChart.share(others, filled)));
        }
    }

    private static void histogram(Html page, String column, Distribution.Histogram histogram) {
        var bars = new ArrayList<Bar>();
        List<Double> edges = histogram.edges();
        for (int bin = 0; bin < histogram.counts().size(); bin++) {
            bars.add(
                    new Bar(
                            "%s to %s"
                                    .formatted(
                                            decimal(edges.get(bin)), decimal(edges.get(bin + 1))),
                            histogram.counts().get(bin)));
        }
        var ends = new Ends(decimal(edges.getFirst()), decimal(edges.getLast()));
        BarChart.draw(
                page,
                "blue",
                "Histogram of %s from %s to %s: %s"
                        .formatted(column, ends.from(), ends.to(), histogram.counts()),
                bars,
                ends);
    }

    private static void range(Html page, ColumnReport column) {
        if (column.min() == null || column.max() == null) {
            return;
        }
        page.text("%s to %s".formatted(column.min(), column.max()));
        if (column.mean() != null) {
            page.raw("<br>")
                    .text(
                            "mean %s, deviation %s"
                                    .formatted(
                                            ReportPage.decimal(column.mean()),
                                            ReportPage.decimal(column.std())));
        }
        if (column.distribution() != null) {
            page.raw("<br>")
                    .text("median " + ReportPage.decimal(column.distribution().quantiles().p50()));
        }
    }

    private static String decimal(double number) {
        return ReportPage.decimal(number);
    }

    private static String missing(ColumnReport column) {
        MissingPolicyView policy = column.missingPolicy();
        String count = ReportPage.number(column.missing());
        return policy == null || column.filled() == null || column.filled() == 0
                ? count
                : "%s, filled by %s".formatted(count, policy.strategy());
    }
}
