package dev.hearth.serving;

import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot.UnknownDataPointSnapshot;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/**
 * What is measured of predictions once more, under the names that Triton has for it, so that its
 * dashboards work.
 *
 * <p>Triton's counters do not end in {@code _total}, as OpenMetrics wants counters to do; so they
 * are told as metrics of an unknown type, which keeps their names in all formats.
 */
@Component
@ConditionalOnProperty("hearth.metrics.triton-names")
class TritonMetrics implements MultiCollector {

    /** Why requests failed, as Triton parts it. */
    enum Reason {
        /** No room, or no turn in time. */
        REJECTED,
        CANCELED,
        /** The model had no answer. */
        BACKEND,
        OTHER;

        static Reason of(String outcome) {
            return switch (outcome.toUpperCase(Locale.ROOT)) {
                case "OVERLOADED", "DEADLINE_EXCEEDED" -> REJECTED;
                case "CLIENT_GONE" -> CANCELED;
                case "ERROR", "INVALID_INPUT", "OUT_OF_MEMORY" -> BACKEND;
                default -> OTHER;
            };
        }
    }

    private final ServingMeters meters;

    TritonMetrics(ServingMeters meters, PrometheusMeterRegistry registry) {
        this.meters = meters;
        registry.getPrometheusRegistry().register(this);
    }

    @Override
    public MetricSnapshots collect() {
        List<VersionMeters> versions = meters.all();
        return new MetricSnapshots(
                counter(
                        "request_success",
                        "Number of successful inference requests, all batch sizes",
                        versions,
                        each -> (double) count(each, VersionMeters.SUCCESS)),
                failures(versions),
                counter(
                        "count",
                        "Number of inferences performed (does not include cached requests)",
                        versions,
                        each -> (double) each.rows()),
                counter(
                        "exec_count",
                        "Number of model executions performed (does not include cached requests)",
                        versions,
                        each -> (double) each.compute().count()),
                counter(
                        "request_duration_us",
                        "Cumulative inference request duration in microseconds (includes cached requests)",
                        versions,
                        each -> micros(each.requests().get(VersionMeters.SUCCESS))),
                counter(
                        "queue_duration_us",
                        "Cumulative inference queuing duration in microseconds (includes cached requests)",
                        versions,
                        each -> micros(each.queue())),
                counter(
                        "compute_input_duration_us",
                        "Cumulative compute input duration in microseconds (does not include cached requests)",
                        versions,
                        each -> micros(each.shares().inputNanos())),
                counter(
                        "compute_infer_duration_us",
                        "Cumulative compute inference duration in microseconds (does not include cached requests)",
                        versions,
                        each -> micros(each.shares().inferNanos())),
                counter(
                        "compute_output_duration_us",
                        "Cumulative inference compute output duration in microseconds (does not include cached requests)",
                        versions,
                        each -> micros(each.shares().outputNanos())),
                pending(versions));
    }

    private static MetricSnapshot counter(
            String name,
            String help,
            List<VersionMeters> versions,
            ToDoubleFunction<VersionMeters> value) {
        var counter = UnknownSnapshot.builder().name("nv_inference_" + name).help(help);
        versions.forEach(each -> counter.dataPoint(point(labels(each), value.applyAsDouble(each))));
        return counter.build();
    }

    /** All reasons of all versions, as Triton has them from the beginning. */
    private static MetricSnapshot failures(List<VersionMeters> versions) {
        var failures =
                UnknownSnapshot.builder()
                        .name("nv_inference_request_failure")
                        .help("Number of failed inference requests, all batch sizes");
        for (VersionMeters each : versions) {
            for (Reason reason : Reason.values()) {
                long count =
                        each.requests().entrySet().stream()
                                .filter(one -> !one.getKey().equals(VersionMeters.SUCCESS))
                                .filter(one -> Reason.of(one.getKey()) == reason)
                                .mapToLong(one -> one.getValue().count())
                                .sum();
                failures.dataPoint(
                        point(labels(each).add("reason", reason.name()), (double) count));
            }
        }
        return failures.build();
    }

    private static MetricSnapshot pending(List<VersionMeters> versions) {
        var pending =
                GaugeSnapshot.builder()
                        .name("nv_inference_pending_request_count")
                        .help(
                                "Instantaneous number of pending requests awaiting execution per-model.");
        for (VersionMeters each : versions) {
            pending.dataPoint(
                    GaugeDataPointSnapshot.builder()
                            .labels(labels(each))
                            .value(each.waiting())
                            .build());
        }
        return pending.build();
    }

    private static UnknownDataPointSnapshot point(Labels labels, double value) {
        return UnknownDataPointSnapshot.builder().labels(labels).value(value).build();
    }

    private static Labels labels(VersionMeters version) {
        return Labels.of(
                "model",
                version.place().name().value(),
                "version",
                String.valueOf(version.place().number()));
    }

    private static long count(VersionMeters version, String outcome) {
        Map<String, Timer> requests = version.requests();
        Timer timer = requests.get(outcome);
        return timer == null ? 0 : timer.count();
    }

    private static double micros(@Nullable Timer timer) {
        return timer == null ? 0 : Math.floor(timer.totalTime(TimeUnit.MICROSECONDS));
    }

    private static double micros(long nanos) {
        return (double) TimeUnit.NANOSECONDS.toMicros(nanos);
    }
}
