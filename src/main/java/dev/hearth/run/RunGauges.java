package dev.hearth.run;

import dev.hearth.model.ModelName;
import dev.hearth.train.TrainingObserver.Slice;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;

/**
 * What Prometheus sees of one run while this process trains it, labelled with the run: so there are
 * as many series as there are workers, and those of a run go when the run does.
 */
final class RunGauges implements AutoCloseable {

    /** How much the last slice of training counts in what is told of the speed. */
    private static final double NEWEST = 0.3;

    private final MeterRegistry registry;
    private final Tags tags;
    private final LongSupplier nanoTime;
    private final List<Meter> meters = new ArrayList<>();
    private final Map<String, Double> metrics = new HashMap<>();
    private int epoch;
    private double fraction;
    private double rowsPerSecond = Double.NaN;
    private double stepSeconds = Double.NaN;
    private long checkpointNanos;
    private double checkpointBytes = Double.NaN;

    RunGauges(MeterRegistry registry, ModelName model, RunId run, LongSupplier nanoTime) {
        this.registry = registry;
        this.nanoTime = nanoTime;
        this.tags = Tags.of("model", model.value(), "run", run.toString());
        this.checkpointNanos = nanoTime.getAsLong();
        gauge("epoch", "Epochs that have ended", it -> it.epoch);
        gauge("progress.ratio", "How much of the run is done, 0 to 1", it -> it.fraction);
        gauge("samples.per.second", "Rows trained on in a second, of late", it -> it.rowsPerSecond);
        gauge("step.seconds", "Time of an optimiser step, of late", it -> it.stepSeconds);
        gauge(
                "checkpoint.age.seconds",
                "Since the last checkpoint, or since this process took the run",
                RunGauges::checkpointAge);
        gauge("checkpoint.size.bytes", "Of the last checkpoint", it -> it.checkpointBytes);
    }

    private void gauge(String name, String description, ToDoubleFunction<RunGauges> value) {
        register(
                Gauge.builder("hearth.run." + name, this, it -> it.read(value))
                        .description(description));
    }

    private void register(Gauge.Builder<RunGauges> gauge) {
        meters.add(gauge.tags(tags).strongReference(true).register(registry));
    }

    private synchronized double read(ToDoubleFunction<RunGauges> value) {
        return value.applyAsDouble(this);
    }

    synchronized void trained(Slice slice) {
        fraction = slice.fraction();
        if (slice.nanos() > 0 && slice.steps() > 0) {
            double seconds = slice.nanos() / (double) TimeUnit.SECONDS.toNanos(1);
            rowsPerSecond = average(rowsPerSecond, slice.rows() / seconds);
            stepSeconds = average(stepSeconds, seconds / slice.steps());
        }
    }

    private static double average(double before, double now) {
        return Double.isNaN(before) ? now : before + NEWEST * (now - before);
    }

    /**
     * @param ended the last epoch that has
     * @param values its metrics, by names such as {@code train_loss}
     */
    synchronized void at(int ended, Map<String, Double> values) {
        epoch = ended;
        values.forEach((name, value) -> {
            if (metrics.put(name, value) == null) {
                register(
                        Gauge.builder(
                                        "hearth.run.metric",
                                        this,
                                        it -> it.read(each -> each.metrics.get(name)))
                                .tag("metric", name)
                                .description("Loss, metrics and learning rate of the last epoch"));
            }
        });
    }

    synchronized void checkpoint(long sizeBytes) {
        checkpointNanos = nanoTime.getAsLong();
        checkpointBytes = (double) sizeBytes;
    }

    private double checkpointAge() {
        return (nanoTime.getAsLong() - checkpointNanos) / (double) TimeUnit.SECONDS.toNanos(1);
    }

    @Override
    public synchronized void close() {
        meters.forEach(registry::remove);
        meters.clear();
    }
}
