package dev.hearth.serving;

import dev.hearth.model.Alias;
import dev.hearth.model.ModelVersion;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.stereotype.Component;

/** What is measured of shadows: by model and version for all time, by alias for its setting. */
@Component
class ShadowMeters {

    /** How a request to a shadow ended. */
    enum Outcome {
        /** It answered as the real version did. */
        SAME,
        DIFFERENT,
        /** There was no room, and it was not asked. */
        DROPPED,
        /** It had no answer. */
        FAILED
    }

    /** Since an alias has its setting. */
    static final class Tally {
        final int revision;
        final Instant since;
        private final LongAdder same = new LongAdder();
        private final LongAdder different = new LongAdder();
        private final LongAdder dropped = new LongAdder();
        private final LongAdder failed = new LongAdder();
        private final DoubleAccumulator largestDifference = new DoubleAccumulator(Math::max, 0);

        private Tally(int revision, Instant since) {
            this.revision = revision;
            this.since = since;
        }

        private LongAdder of(Outcome outcome) {
            return switch (outcome) {
                case SAME -> same;
                case DIFFERENT -> different;
                case DROPPED -> dropped;
                case FAILED -> failed;
            };
        }

        long count(Outcome outcome) {
            return of(outcome).sum();
        }

        double largestDifference() {
            return largestDifference.get();
        }
    }

    private final MeterRegistry registry;
    private final InstantSource time;
    private final ConcurrentHashMap<String, Tally> tallies = new ConcurrentHashMap<>();

    ShadowMeters(MeterRegistry registry, InstantSource time) {
        this.registry = registry;
        this.time = time;
    }

    /** That of an alias' setting; another setting begins anew. */
    Tally of(Alias alias) {
        return tallies.compute(
                alias.toString(),
                (_, tally) ->
                        tally != null && tally.revision >= alias.revision()
                                ? tally
                                : new Tally(alias.revision(), time.instant()));
    }

    /** Counts a request that was not compared. */
    void count(Alias alias, ModelVersion shadow, Outcome outcome) {
        of(alias).of(outcome).increment();
        Counter.builder("hearth.serving.shadow.requests")
                .description("Requests that a shadow was to be asked, and how that ended")
                .tag("model", shadow.name().value())
                .tag("version", String.valueOf(shadow.number()))
                .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                .register(registry)
                .increment();
    }

    void count(Alias alias, ModelVersion shadow, ShadowComparison comparison) {
        count(alias, shadow, comparison.same() ? Outcome.SAME : Outcome.DIFFERENT);
        of(alias).largestDifference.accumulate(comparison.largestDifference());
        DistributionSummary.builder("hearth.serving.shadow.difference")
                .description("The largest difference of a shadow's outputs to the real ones")
                .serviceLevelObjectives(1e-6, 1e-4, 1e-3, 0.01, 0.1, 0.5, 1, 10, 100)
                .tag("model", shadow.name().value())
                .tag("version", String.valueOf(shadow.number()))
                .register(registry)
                .record(comparison.largestDifference());
    }
}
