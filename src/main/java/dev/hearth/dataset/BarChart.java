package dev.hearth.dataset;

import java.util.List;
import java.util.Locale;

/** Bars as inline SVG, each with its words to be read where a pointer rests on it. */
final class BarChart {

    /**
     * @param label what the bar stands for
     */
    record Bar(String label, long count) {}

    private static final int HEIGHT = 60;
    private static final int WIDTH = 320;

    private BarChart() {}

    static void draw(Html page, String colour, List<Bar> bars) {
        long largest = bars.stream().mapToLong(Bar::count).max().orElse(0);
        double step = (double) WIDTH / Math.max(1, bars.size());
        page.raw(
                "<svg role=\"img\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">"
                        .formatted(WIDTH, HEIGHT, WIDTH, HEIGHT));
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            double height = largest == 0 ? 0 : (double) bar.count() / largest * HEIGHT;
            page.raw(
                    String.format(
                            Locale.ROOT,
                            "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"%s\"><title>",
                            i * step,
                            HEIGHT - height,
                            Math.max(1, step - 1),
                            height,
                            colour));
            page.text("%s: %,d".formatted(bar.label(), bar.count())).raw("</title></rect>");
        }
        page.raw("</svg>");
    }
}
