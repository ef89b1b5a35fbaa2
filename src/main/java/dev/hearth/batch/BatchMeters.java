package dev.hearth.batch;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/** What Prometheus sees of predictions over data sets. */
@Component
class BatchMeters {

    private final Counter rows;

    BatchMeters(MeterRegistry registry, BatchTable table) {
        this.rows =
                Counter.builder("hearth.prediction.rows")
                        .description("Rows of data sets predicted by jobs")
                        .register(registry);
        Gauge.builder("hearth.prediction.queued", () -> (double) table.count(BatchState.QUEUED))
                .description("Predictions over data sets that wait for a worker")
                .register(registry);
        Gauge.builder("hearth.prediction.running", () -> (double) table.count(BatchState.RUNNING))
                .description("Predictions over data sets that a worker is busy with")
                .register(registry);
    }

    void predicted(long count) {
        rows.increment((double) count);
    }
}
