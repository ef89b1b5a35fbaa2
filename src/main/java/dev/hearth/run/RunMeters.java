package dev.hearth.run;

import dev.hearth.job.JobQueue;
import dev.hearth.train.TrainingObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What Prometheus sees of runs. */
@Component
class RunMeters {

    private final JdbcClient jdbc;
    private final JobQueue queue;
    private final InstantSource clock;
    private final Counter steps;
    private final Counter rows;
    private final Timer epochs;
    private final Timer checkpoints;
    private final Counter checkpointBytes;
    private final Counter checkpointFailures;
    private final LongAdder stepNanos = new LongAdder();
    private final Map<RunState, Timer> ends = new ConcurrentHashMap<>();
    private final MeterRegistry registry;

    RunMeters(MeterRegistry registry, JdbcClient jdbc, JobQueue queue, InstantSource clock) {
        this.registry = registry;
        this.jdbc = jdbc;
        this.queue = queue;
        this.clock = clock;
        this.steps =
                Counter.builder("hearth.training.steps")
                        .description("Optimiser steps taken")
                        .register(registry);
        this.rows =
                Counter.builder("hearth.training.rows")
                        .description("Rows trained on")
                        .register(registry);
        this.epochs =
                Timer.builder("hearth.training.epoch.duration")
                        .description("Time of an epoch, evaluation included")
                        .register(registry);
        Gauge.builder("hearth.run.queued", () -> (double) count("= 'queued'"))
                .description("Runs waiting for a worker")
                .register(registry);
        Gauge.builder(
                        "hearth.run.running",
                        () -> (double) count("IN ('preparing', 'running', 'pausing')"))
                .description("Runs that a worker is busy with")
                .register(registry);
        Gauge.builder("hearth.run.queue.age", this::queueAgeSeconds)
                .baseUnit("seconds")
                .description("How long the oldest queued run has been waiting")
                .register(registry);
        FunctionTimer.builder(
                        "hearth.training.step.duration",
                        this,
                        it -> (long) it.steps.count(),
                        it -> (double) it.stepNanos.sum(),
                        TimeUnit.NANOSECONDS)
                .description("Time of optimiser steps, without evaluation and checkpoints")
                .register(registry);
        this.checkpoints =
                Timer.builder("hearth.training.checkpoint.duration")
                        .description("Storing a checkpoint, for which training waits")
                        .register(registry);
        this.checkpointBytes =
                Counter.builder("hearth.training.checkpoint.written")
                        .baseUnit("bytes")
                        .description("Of the checkpoints that were stored")
                        .register(registry);
        this.checkpointFailures =
                Counter.builder("hearth.training.checkpoint.failures")
                        .description("Checkpoints that could not be stored")
                        .register(registry);
        // From the beginning, so that the first that fails is an increase.
        for (RunState state : RunState.values()) {
            if (state.isFinal()) {
                ends.put(state, duration(state));
            }
        }
    }

    private Timer duration(RunState state) {
        return Timer.builder("hearth.run.duration")
                .description("From claim to end")
                .tag("state", state.text())
                .register(registry);
    }

    /** What Prometheus sees of a run while this process trains it. */
    RunGauges running(Run run) {
        return new RunGauges(registry, run.model(), run.id(), System::nanoTime);
    }

    void trained(TrainingObserver.Slice slice) {
        stepNanos.add(slice.nanos());
        steps.increment(slice.steps());
        rows.increment((double) slice.rows());
    }

    void checkpoint(long sizeBytes, Duration time) {
        checkpoints.record(time);
        checkpointBytes.increment((double) sizeBytes);
    }

    void checkpointFailed() {
        checkpointFailures.increment();
    }

    void epoch(Duration time) {
        epochs.record(time);
    }

    void ended(RunState state, Duration time) {
        ends.computeIfAbsent(state, this::duration).record(time);
    }

    private long count(String states) {
        return jdbc.sql("SELECT count(*) FROM run WHERE state " + states)
                .query(Long.class)
                .single();
    }

    private double queueAgeSeconds() {
        return queue.oldest(RunWorker.KIND)
                .map(oldest ->
                        Math.max(0, Duration.between(oldest, clock.instant()).toMillis() / 1e3))
                .orElse(0.0);
    }
}
