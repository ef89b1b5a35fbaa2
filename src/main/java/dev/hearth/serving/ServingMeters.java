package dev.hearth.serving;

import dev.hearth.model.ModelVersion;
import dev.hearth.problem.ClientGoneException;
import dev.hearth.problem.ProblemException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** What is measured of predictions, by model and version. */
@Component
class ServingMeters {

    private static final Duration[] BOUNDS =
            List.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000).stream()
                    .map(Duration::ofMillis)
                    .toArray(Duration[]::new);
    private static final double[] BATCH_BOUNDS = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};

    private static final String PREDICTING = "hearth.serving";
    private static final String EXPLAINING = "hearth.serving.explain";

    private record Key(String prefix, String model, int version) {}

    private final MeterRegistry registry;
    private final ConcurrentHashMap<Key, OfVersion> all = new ConcurrentHashMap<>();

    ServingMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Those of one version; they stay when it leaves the memory, as counters have to. */
    OfVersion of(ModelVersion version) {
        return of(PREDICTING, version);
    }

    /** The same of the version's explanations, whose rows are those that the model is given. */
    OfVersion explainingOf(ModelVersion version) {
        return of(EXPLAINING, version);
    }

    private OfVersion of(String prefix, ModelVersion version) {
        return all.computeIfAbsent(
                new Key(prefix, version.name().value(), version.number()),
                key ->
                        new OfVersion(
                                registry,
                                key.prefix(),
                                Tags.of(
                                        "model",
                                        key.model(),
                                        "version",
                                        String.valueOf(key.version()))));
    }

    static final class OfVersion implements Lane.Watch {

        private final MeterRegistry registry;
        private final String prefix;
        private final Tags tags;
        private final Timer queue;
        private final Timer compute;
        private final DistributionSummary batch;
        private final Counter rows;
        private final ConcurrentHashMap<String, Timer> requests = new ConcurrentHashMap<>();

        private OfVersion(MeterRegistry registry, String prefix, Tags tags) {
            this.registry = registry;
            this.prefix = prefix;
            this.tags = tags;
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
        }

        private Timer timer(String phase, String description) {
            return Timer.builder(prefix + "." + phase + ".duration")
                    .description(description)
                    .serviceLevelObjectives(BOUNDS)
                    .tags(tags)
                    .register(registry);
        }

        @Override
        public void computed(List<Long> waitedNanos, int rowCount, long computeNanos) {
            waitedNanos.forEach(nanos -> queue.record(nanos, TimeUnit.NANOSECONDS));
            compute.record(computeNanos, TimeUnit.NANOSECONDS);
            batch.record(rowCount);
            rows.increment(rowCount);
        }

        /** Times a request and counts how it ended: {@code success}, or the problem's code. */
        <T> T request(Supplier<T> request) {
            long begin = System.nanoTime();
            String outcome = "error";
            try {
                T answer = request.get();
                outcome = "success";
                return answer;
            } catch (ProblemException e) {
                outcome = e.code().name().toLowerCase(Locale.ROOT);
                throw e;
            } catch (ClientGoneException e) {
                outcome = "client_gone";
                throw e;
            } finally {
                requests.computeIfAbsent(outcome, this::requestTimer)
                        .record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
            }
        }

        private Timer requestTimer(String outcome) {
            return Timer.builder(prefix + ".request.duration")
                    .description("From the parsed request to its result")
                    .serviceLevelObjectives(BOUNDS)
                    .tags(tags)
                    .tag("outcome", outcome)
                    .register(registry);
        }
    }
}
