package dev.hearth.kill;

import java.time.Duration;
import java.util.List;

/** How measured values are spread. */
record Spread(List<Double> values) {

    Spread {
        values = values.stream().sorted().toList();
    }

    static Spread ofSeconds(List<Duration> times) {
        return new Spread(times.stream().map(time -> time.toNanos() / 1e9).toList());
    }

    double most() {
        return values.isEmpty() ? 0 : values.getLast();
    }

    double median() {
        return at(0.5);
    }

    private double at(double share) {
        return values.get((int) Math.min(values.size() - 1, Math.floor(share * values.size())));
    }

    @Override
    public String toString() {
        return values.isEmpty()
                ? "–"
                : "median %.2f, nine of ten below %.2f, at most %.2f (%d)"
                        .formatted(at(0.5), at(0.9), most(), values.size());
    }
}
