package dev.hearth.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A measure over the epochs of a run, as a chart draws it.
 *
 * @param measure such as {@code loss} or {@code accuracy}
 * @param lines of the training and of the validation rows, those that there are
 */
record Curve(String measure, List<Line> lines) {

    Curve {
        lines = List.copyOf(lines);
    }

    /** Whose values a line shows. */
    enum Part {
        TRAIN("training"),
        VALIDATION("validation");

        private final String words;

        Part(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }

        /** As metrics' names begin. */
        String prefix() {
            return switch (this) {
                case TRAIN -> "train_";
                case VALIDATION -> "validation_";
            };
        }
    }

    /** Values by epoch; NaN or infinite where there is none to draw. */
    record Line(Part part, List<Point> points) {

        Line {
            points = List.copyOf(points);
        }

        /** The last value that is a number. */
        Optional<Point> last() {
            return finite().reversed().stream().findFirst();
        }

        List<Point> finite() {
            return points.stream().filter(Point::isFinite).toList();
        }
    }

    record Point(int epoch, double value) {

        boolean isFinite() {
            return Double.isFinite(value);
        }
    }

    /** The curve of a measure; without lines if the epochs do not have it. */
    static Curve of(String measure, List<EpochRow> epochs) {
        var lines = new ArrayList<Line>();
        for (Part part : Part.values()) {
            String metric = part.prefix() + measure;
            List<Point> points =
                    epochs.stream()
                            .filter(row -> row.metrics().containsKey(metric))
                            .map(row -> new Point(row.epoch(), row.metrics().get(metric)))
                            .toList();
            if (!points.isEmpty()) {
                lines.add(new Line(part, points));
            }
        }
        return new Curve(measure, lines);
    }

    /** What the epochs measure, loss first. */
    static List<String> measures(List<EpochRow> epochs) {
        return epochs.stream()
                .flatMap(row -> row.metrics().keySet().stream())
                .distinct()
                .flatMap(metric ->
                        List.of(Part.values()).stream()
                                .filter(part -> metric.startsWith(part.prefix()))
                                .map(part -> metric.substring(part.prefix().length())))
                .distinct()
                .toList();
    }

    List<Point> finite() {
        return lines.stream().flatMap(line -> line.finite().stream()).toList();
    }
}
