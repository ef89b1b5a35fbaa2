package dev.hearth.serving;

import dev.hearth.model.Models;
import dev.hearth.problem.ClientGoneException;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/** What is measured of one version, until it is deleted. */
final class VersionMeters implements Lane.Watch {

    static final String SUCCESS = "success";

    /** Our own fault. */
    static final String ERROR = "error";

    static final String CLIENT_GONE = "client_gone";

    private static final Duration[] BOUNDS =
            DoubleStream.of(0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4)
                    .mapToObj(millis -> Duration.ofNanos(Math.round(millis * 1e6)))
                    .toArray(Duration[]::new);
    private static final double[] BATCH_BOUNDS = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};

    /**
     * What each request went through, in nanoseconds: a batch's time counts for each of its
     * requests, since each has waited for it.
     */
    record Shares(long inputNanos, long inferNanos, long outputNanos) {}

    private final Models.Place place;
    private final MeterRegistry registry;
    private final String prefix;
    private final Tags tags;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Timer queue;
    private final Timer compute;
    private final DistributionSummary batch;
    private final Counter rows;
    private final Gauge waitingGauge;
    private final LongAdder inputNanos = new LongAdder();
    private final LongAdder inferNanos = new LongAdder();
    private final LongAdder outputNanos = new LongAdder();

    /** By outcome; null once the version has been deleted. */
    private volatile @Nullable Map<String, Timer> requests = Map.of();

    /**
     * @param prefix of the meters' names
     */
    VersionMeters(MeterRegistry registry, String prefix, Models.Place place) {
        this.place = place;
        this.registry = registry;
        this.prefix = prefix;
        this.tags =
                Tags.of("model", place.name().value(), "version", String.valueOf(place.number()));
        this.queue = timer("queue", "How long requests waited for their turn");
        this.compute = timer("compute", "How long a batch took");
        this.batch =
                DistributionSummary.builder(prefix + ".batch.rows")
                        .description("Rows that were computed together")
                        .serviceLevelObjectives(BATCH_BOUNDS)
                        .tags(tags)
                        .register(registry);
        this.rows =
                Counter.builder(prefix + ".rows")
                        .description("Rows predicted")
                        .tags(tags)
                        .register(registry);
        this.waitingGauge =
                Gauge.builder(prefix + ".queue.requests", waiting, AtomicInteger::get)
                        .description("Requests to the version that wait for their turn")
                        .tags(tags)
                        .register(registry);
    }

    private Timer timer(String phase, String description) {
        return Timer.builder(prefix + "." + phase + ".duration")
                .description(description)
                .serviceLevelObjectives(BOUNDS)
                .tags(tags)
                .register(registry);
    }

    Models.Place place() {
        return place;
    }

    @Override
    public void waiting(int more) {
        waiting.addAndGet(more);
    }

    @Override
    public void computed(List<Long> waitedNanos, int rowCount, Lane.Took took) {
        waitedNanos.forEach(nanos -> queue.record(nanos, TimeUnit.NANOSECONDS));
        compute.record(took.totalNanos(), TimeUnit.NANOSECONDS);
        batch.record(rowCount);
        rows.increment(rowCount);
        int count = waitedNanos.size();
        inputNanos.add(count * took.inputNanos());
        inferNanos.add(count * took.inferNanos());
        outputNanos.add(count * took.outputNanos());
    }

    /** Times a request and counts how it ended: {@code success}, or the problem's code. */
    <T> T request(Supplier<T> request) {
        long begin = System.nanoTime();
        String outcome = ERROR;
        try {
            T answer = request.get();
            outcome = SUCCESS;
            return answer;
        } catch (ProblemException e) {
            outcome = outcome(e.code());
            throw e;
        } catch (ClientGoneException e) {
            outcome = CLIENT_GONE;
            throw e;
        } finally {
            ended(outcome, System.nanoTime() - begin);
        }
    }

    /** A request was refused before it was read. */
    void refused(ProblemCode code) {
        ended(outcome(code), 0);
    }

    static String outcome(ProblemCode code) {
        return code == ProblemCode.INTERNAL_ERROR ? ERROR : code.name().toLowerCase(Locale.ROOT);
    }

    private void ended(String outcome, long nanos) {
        var timer = requestTimer(outcome);
        if (timer != null) {
            timer.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    private @Nullable Timer requestTimer(String outcome) {
        var known = requests;
        if (known == null) {
            return null;
        }
        var timer = known.get(outcome);
        return timer == null ? newRequestTimer(outcome) : timer;
    }

    private synchronized @Nullable Timer newRequestTimer(String outcome) {
        var known = requests;
        if (known == null || known.containsKey(outcome)) {
            return known == null ? null : known.get(outcome);
        }
        var timer =
                Timer.builder(prefix + ".request.duration")
                        .description("From the parsed request to its result")
                        .serviceLevelObjectives(BOUNDS)
                        .tags(tags)
                        .tag("outcome", outcome)
                        .register(registry);
        var more = new HashMap<>(known);
        more.put(outcome, timer);
        requests = Map.copyOf(more);
        return timer;
    }

    /** Requests by outcome. */
    Map<String, Timer> requests() {
        var known = requests;
        return known == null ? Map.of() : known;
    }

    int waiting() {
        return waiting.get();
    }

    /** How long requests waited. */
    Timer queue() {
        return queue;
    }

    /** Of batches. */
    Timer compute() {
        return compute;
    }

    long rows() {
        return (long) rows.count();
    }

    Shares shares() {
        return new Shares(inputNanos.sum(), inferNanos.sum(), outputNanos.sum());
    }

    /** The version is gone, and its meters with it; requests that are still there count nothing. */
    synchronized void close() {
        var known = requests();
        requests = null;
        List.<Meter>of(queue, compute, batch, rows, waitingGauge).forEach(registry::remove);
        known.values().forEach(registry::remove);
    }
}
