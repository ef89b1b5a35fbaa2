package dev.hearth.dataset;

import java.util.List;
import java.util.Locale;

/**
 * Bars as inline SVG, each with its words to be read where a pointer rests on it. Colours are the
 * page's, by class, so that they suit a light and a dark one.
 */
final class BarChart {

    /**
     * @param label what the bar stands for
     */
    record Bar(String label, long count) {}

    /**
     * What is written below bars that stand for places along a line.
     *
     * @param from at the left end
     * @param to at the right end
     */
    record Ends(String from, String to) {}

    private static final int HEIGHT = 60;
    private static final int WIDTH = 320;
    private static final int ROW_HEIGHT = 10;
    private static final int ROW_WIDTH = 160;

    /** So that one among millions is still seen. */
    private static final double LEAST = 1;

    private BarChart() {}

    /**
     * Bars beside one another.
     *
     * @param colour a class of the page
     * @param about the whole in words, for those who do not see it
     */
    static void draw(Html page, String colour, String about, List<Bar> bars, Ends ends) {
        long largest = largest(bars);
        double step = (double) WIDTH / Math.max(1, bars.size());
        page.raw("<figure>");
        begin(page, colour, about, WIDTH, HEIGHT + 1);
        for (int i = 0; i < bars.size(); i++) {
            double height = length(bars.get(i), largest, HEIGHT);
            rect(page, bars.get(i), i * step, HEIGHT - height, Math.max(1, step - 1), height);
        }
        page.raw("<path class=\"axis\" d=\"M0 %1$d.5H%2$d\"/></svg>".formatted(HEIGHT, WIDTH))
                .raw("<figcaption>")
                .element("span", ends.from())
                .element("span", ends.to())
                .raw("</figcaption></figure>");
    }

    /**
     * Bars below one another, each with its label and its share of {@code total}: the balance of
     * classes.
     *
     * @param total of which all bars together may be less
     */
    static void balance(Html page, List<Bar> bars, long total) {
        long largest = largest(bars);
        page.raw("<table class=\"balance\">");
        for (Bar bar : bars) {
            page.raw("<tr>").element("th", bar.label()).raw("<td>");
            page.raw(
                    "<svg class=\"blue\" aria-hidden=\"true\" width=\"%1$d\" height=\"%2$d\" viewBox=\"0 0 %1$d %2$d\">"
                            .formatted(ROW_WIDTH, ROW_HEIGHT));
            rect(page, bar, 0, 0, length(bar, largest, ROW_WIDTH), ROW_HEIGHT);
            page.raw("</svg></td>")
                    .element("td", String.format(Locale.ROOT, "%,d", bar.count()))
                    .element("td", share(bar.count(), total))
                    .raw("</tr>");
        }
        page.raw("</table>");
    }

    static String share(long count, long total) {
        return total == 0 ? "–" : String.format(Locale.ROOT, "%.1f %%", 100.0 * count / total);
    }

    private static void begin(Html page, String colour, String about, int width, int height) {
        page.raw("<svg role=\"img\" class=\"" + colour + "\" aria-label=\"")
                .text(about)
                .raw(
                        "\" width=\"%1$d\" height=\"%2$d\" viewBox=\"0 0 %1$d %2$d\">"
                                .formatted(width, height));
    }

    private static void rect(Html page, Bar bar, double x, double y, double width, double height) {
        page.raw(
                String.format(
                        Locale.ROOT,
                        "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\"><title>",
                        x,
                        y,
                        width,
                        height));
        page.text("%s: %,d".formatted(bar.label(), bar.count())).raw("</title></rect>");
    }

    private static double length(Bar bar, long largest, int full) {
        return bar.count() == 0 ? 0 : Math.max(LEAST, (double) bar.count() / largest * full);
    }

    private static long largest(List<Bar> bars) {
        return bars.stream().mapToLong(Bar::count).max().orElse(0);
    }
}
