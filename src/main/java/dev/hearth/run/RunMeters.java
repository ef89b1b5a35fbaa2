package dev.hearth.run;

import dev.hearth.job.JobQueue;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.InstantSource;
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
    }

    void trained(int stepCount, long rowCount) {
        steps.increment(stepCount);
        rows.increment((double) rowCount);
    }

    void epoch(Duration time) {
        epochs.record(time);
    }

    void ended(RunState state, Duration time) {
        Timer.builder("hearth.run.duration")
                .description("From claim to end")
                .tag("state", state.text())
                .register(registry)
                .record(time);
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
