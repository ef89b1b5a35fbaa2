package dev.hearth.run;

import dev.hearth.spec.Stopping.Mode;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.web.util.HtmlUtils;

/**
 * Curves over epochs as an SVG picture, one panel below the other. Its colours follow the reader's
 * choice of light or dark; lines differ by dashes as well as by colour; its title and description
 * say in words what it shows.
 */
final class CurveChart {

    private static final int WIDTH = 720;
    private static final int LEFT = 72;
    private static final int RIGHT = 700;
    private static final int HEAD = 48;
    private static final int PLOT = 220;

    /** Of a panel: its plot, what stands above, and the labels below. */
    private static final int PANEL = PLOT + 84;

    private static final int ABOVE = 28;
    private static final int MOST_Y_STEPS = 6;
    private static final int MOST_X_STEPS = 10;

    /** Without CSS variables, which converters and mail readers do not know. */
    private static final String STYLE =
            """
            <style>
            svg{font:12px system-ui,sans-serif}
            .paper,.dot{fill:#fff}text{fill:#59636e}.head,.measure{fill:#1f2328;font-weight:600}.head{font-size:15px}
            .grid{stroke:#d8dee4}.axis{stroke:#59636e}.end{text-anchor:end}.middle{text-anchor:middle}
            .line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
            .train{stroke:#0550ae}.validation{stroke:#bc4c00;stroke-dasharray:6 4}
            .dot{stroke-width:2;stroke-dasharray:none}
            @media (prefers-color-scheme:dark){.paper,.dot{fill:#0d1117}text{fill:#9198a1}.head,.measure{fill:#e6edf3}
            .grid{stroke:#30363d}.axis{stroke:#9198a1}.train{stroke:#79c0ff}.validation{stroke:#ffa657}}
            </style>
            """;

    private final StringBuilder svg = new StringBuilder();
    private final String name;
    private final List<Curve> curves;

    private CurveChart(String name, List<Curve> curves) {
        this.name = name;
        this.curves = curves;
    }

    /**
     * Draws.
     *
     * @param name what the curves are of
     * @param curves each with at least one line
     * @param note how they were chosen, for the description
     */
    static String draw(String name, List<Curve> curves, String note) {
        return new CurveChart(name, curves).draw(note);
    }

    private String draw(String note) {
        int height = HEAD + Math.max(1, curves.size()) * PANEL;
        svg.append(
                ("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                                + " height=\"%d\" role=\"img\" aria-labelledby=\"title description\">\n")
                        .formatted(WIDTH, height, WIDTH, height));
        svg.append("<title id=\"title\">").append(text(name)).append("</title>\n");
        svg.append("<desc id=\"description\">").append(text(description(note))).append("</desc>\n");
        svg.append(STYLE);
        svg.append("<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n");
        label(LEFT, 26, "head", name);
        if (curves.isEmpty()) {
            label(WIDTH / 2.0, HEAD + PLOT / 2.0, "middle", "No epoch has ended yet.");
        }
        for (int i = 0; i < curves.size(); i++) {
            panel(curves.get(i), HEAD + i * PANEL + ABOVE);
        }
        return svg.append("</svg>\n").toString();
    }

    private void panel(Curve curve, double top) {
        List<Curve.Point> points = curve.finite();
        label(LEFT, top - 10, "measure", curve.measure());
        legend(curve, top - 10);
        if (points.isEmpty()) {
            label((LEFT + RIGHT) / 2.0, top + PLOT / 2.0, "middle", "No value is a finite number.");
            return;
        }
        var plot = new Plot(xAxis(curve), yAxis(points), top);
        grid(plot);
        curve.lines().forEach(line -> line(line, plot));
        best(curve).ifPresent(best -> dot(best, plot));
    }

    /** Where values are on the page. */
    private record Plot(Axis x, Axis y, double top) {

        double x(double epoch) {
            return LEFT + x.place(epoch) * (RIGHT - LEFT);
        }

        double y(double value) {
            return top + (1 - y.place(value)) * PLOT;
        }

        double bottom() {
            return top + PLOT;
        }
    }

    private static Axis xAxis(Curve curve) {
        int first = curve.lines().getFirst().points().getFirst().epoch();
        int last = curve.lines().getFirst().points().getLast().epoch();
        return Axis.covering(first, last, MOST_X_STEPS, 1);
    }

    private static Axis yAxis(List<Curve.Point> points) {
        double min = points.stream().mapToDouble(Curve.Point::value).min().orElseThrow();
        double max = points.stream().mapToDouble(Curve.Point::value).max().orElseThrow();
        return Axis.covering(min, max, MOST_Y_STEPS, 0);
    }

    private void grid(Plot plot) {
        for (BigDecimal tick : plot.y().ticks()) {
            double y = plot.y(tick.doubleValue());
            segment("grid", LEFT, y, RIGHT, y);
            label(LEFT - 8, y + 4, "end", Axis.label(tick));
        }
        for (BigDecimal tick : plot.x().ticks()) {
            double x = plot.x(tick.doubleValue());
            segment("axis", x, plot.bottom(), x, plot.bottom() + 4);
            label(x, plot.bottom() + 18, "middle", Axis.label(tick));
        }
        segment("axis", LEFT, plot.bottom(), RIGHT, plot.bottom());
        label((LEFT + RIGHT) / 2.0, plot.bottom() + 36, "middle", "epoch");
    }

    /** One path, interrupted where a value is no number. */
    private void line(Curve.Line line, Plot plot) {
        var path = new StringBuilder();
        boolean isDown = false;
        for (Curve.Point point : line.points()) {
            if (point.isFinite()) {
                path.append(isDown ? 'L' : 'M')
                        .append(coordinates(plot.x(point.epoch()), plot.y(point.value())));
                if (!isDown) {
                    // A value alone is seen as a dot, since the line's ends are round.
                    path.append('h').append('0');
                }
            }
            isDown = point.isFinite();
        }
        svg.append("<path class=\"line %s\" d=\"%s\"/>\n".formatted(style(line.part()), path));
    }

    private void legend(Curve curve, double y) {
        double x = RIGHT;
        for (Curve.Line line : curve.lines().reversed()) {
            label(x, y, "end", line.part().words());
            // Seven pixels a letter is wider than any font's.
            x -= line.part().words().length() * 7 + 6;
            svg.append(
                    "<path class=\"line %s\" d=\"M%sh-22\"/>\n"
                            .formatted(style(line.part()), coordinates(x, y - 4)));
            x -= 22 + 18;
        }
    }

    /** The best validation epoch. */
    private static Optional<Curve.Point> best(Curve curve) {
        Comparator<Curve.Point> ascending = Comparator.comparingDouble(Curve.Point::value);
        return curve.lines().stream()
                .filter(line -> line.part() == Curve.Part.VALIDATION)
                .flatMap(line -> line.finite().stream())
                .min(
                        switch (Mode.of(Curve.Part.VALIDATION.prefix() + curve.measure())) {
                            case MIN -> ascending;
                            case MAX -> ascending.reversed();
                        });
    }

    private void dot(Curve.Point best, Plot plot) {
        svg.append(
                "<circle class=\"dot validation\" cx=\"%s\" cy=\"%s\" r=\"4\"><title>%s</title></circle>\n"
                        .formatted(
                                decimal(plot.x(best.epoch())),
                                decimal(plot.y(best.value())),
                                text(
                                        "best: %s in epoch %d"
                                                .formatted(shown(best.value()), best.epoch()))));
    }

    private String description(String note) {
        if (curves.isEmpty()) {
            return "No epoch has ended yet.";
        }
        return curves.stream().map(CurveChart::words).collect(Collectors.joining(" ")) + note;
    }

    private static String words(Curve curve) {
        String lines =
                curve.lines().stream()
                        .map(line ->
                                line.last()
                                        .map(last ->
                                                "%s %s in epoch %d"
                                                        .formatted(
                                                                line.part().words(),
                                                                shown(last.value()),
                                                                last.epoch()))
                                        .orElse(line.part().words() + " no number"))
                        .collect(Collectors.joining(", "));
        String best =
                best(curve)
                        .map(point ->
                                "; best validation %s in epoch %d"
                                        .formatted(shown(point.value()), point.epoch()))
                        .orElse("");
        return "%s per epoch: %s%s.".formatted(curve.measure(), lines, best);
    }

    private void label(double x, double y, String style, String words) {
        svg.append(
                "<text class=\"%s\" x=\"%s\" y=\"%s\">%s</text>\n"
                        .formatted(style, decimal(x), decimal(y), text(words)));
    }

    private void segment(String style, double x1, double y1, double x2, double y2) {
        svg.append(
                "<path class=\"%s\" d=\"M%sL%s\"/>\n"
                        .formatted(style, coordinates(x1, y1), coordinates(x2, y2)));
    }

    private static String style(Curve.Part part) {
        return part.name().toLowerCase(Locale.ROOT);
    }

    private static String coordinates(double x, double y) {
        return decimal(x) + " " + decimal(y);
    }

    /** A hundredth of a pixel is finer than any screen. */
    private static String decimal(double value) {
        double rounded = Math.round(value * 100) / 100.0;
        return rounded == Math.rint(rounded)
                ? String.valueOf((long) rounded)
                : String.valueOf(rounded);
    }

    private static String shown(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }

    private static String text(String words) {
        return HtmlUtils.htmlEscape(words, "UTF-8");
    }
}
