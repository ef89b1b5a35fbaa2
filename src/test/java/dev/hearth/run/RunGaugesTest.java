package dev.hearth.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.model.ModelName;
import dev.hearth.train.TrainingObserver.Slice;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RunGaugesTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicLong now = new AtomicLong();
    private final RunId run = new RunId(UUID.randomUUID());

    @Test
    void aRunTellsHowFarAndHowFastItIs() {
        try (var gauges = open()) {
            gauges.trained(new Slice(1, 10, 640, 0.25, Duration.ofMillis(200).toNanos()));
            gauges.at(3, Map.of("train_loss", 0.5, "lr", 0.01));
            gauges.at(4, Map.of("train_loss", 0.4, "lr", 0.01));

            assertThat(value("hearth.run.progress.ratio")).isEqualTo(0.25);
            assertThat(value("hearth.run.samples.per.second")).isEqualTo(3200);
            assertThat(value("hearth.run.step.seconds")).isEqualTo(0.02);
            assertThat(value("hearth.run.epoch")).isEqualTo(4);
            assertThat(
                            registry.get("hearth.run.metric")
                                    .tag("metric", "train_loss")
                                    .gauge()
                                    .value())
                    .isEqualTo(0.4);
        }
    }

    @Test
    void theAgeOfACheckpointBeginsWithTheRunAndWithEachOneAgain() {
        try (var gauges = open()) {
            now.addAndGet(Duration.ofSeconds(90).toNanos());
            assertThat(value("hearth.run.checkpoint.age.seconds")).isEqualTo(90);
            assertThat(value("hearth.run.checkpoint.size.bytes")).isNaN();

            gauges.checkpoint(1234);
            now.addAndGet(Duration.ofSeconds(7).toNanos());

            assertThat(value("hearth.run.checkpoint.age.seconds")).isEqualTo(7);
            assertThat(value("hearth.run.checkpoint.size.bytes")).isEqualTo(1234);
        }
    }

    @Test
    void allGaugesOfARunGoWhenItDoes() {
        try (var gauges = open()) {
            gauges.at(1, Map.of("train_loss", 0.5));
            assertThat(registry.getMeters())
                    .isNotEmpty()
                    .allMatch(meter -> run.toString().equals(meter.getId().getTag("run")))
                    .allMatch(meter -> "iris".equals(meter.getId().getTag("model")));
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    private RunGauges open() {
        return new RunGauges(registry, new ModelName("iris"), run, now::get);
    }

    private double value(String gauge) {
        return registry.get(gauge).gauge().value();
    }
}
