package dev.hearth.torchscript;

import dev.hearth.spec.Encoding;
import dev.hearth.spec.Limits;
import dev.hearth.spec.ModelCheck;
import dev.hearth.spec.ModelPlan;
import dev.hearth.spec.SpecReader;
import dev.hearth.spec.TrainingRequest;
import dev.hearth.spec.TrainingSpec;
import dev.hearth.train.LearningRates;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * How long it takes from a specification to the first step, part by part. It prints and asserts
 * nothing; run it with {@code -Dtest=CompileTimeBench}.
 */
class CompileTimeBench {

    @TempDir Path folder;

    /** Three times, since the first time also loads the library and warms up the JVM. */
    @ParameterizedTest
    @ValueSource(strings = {"mlp-3", "mlp-100", "mlp-500", "mlp-wide", "resnet-50"})
    void measure(String name) throws IOException {
        String specification =
                Files.readString(Path.of("src/test/resources/bench", name + ".json"));
        for (int i = 0; i < 3; i++) {
            System.out.println(name + ": " + once(specification));
        }
    }

    private String once(String specification) throws IOException {
        var clock = new Clock();
        TrainingRequest request =
                new SpecReader(Limits.DEFAULT)
                        .read(
                                JsonMapper.shared().readTree(specification),
                                TrainingRequest.Purpose.CHECK);
        TrainingSpec spec = request.spec();
        ModelPlan plan =
                new ModelCheck(Limits.DEFAULT)
                        .check(spec, ModelCheck.Data.unknown(request.inputShape().orElseThrow()))
                        .plan();
        clock.lap("read and check");
        int rows = 4;
        var source =
                new TrainingProgram.Source(
                        plan,
                        new Encoding(List.of(new Encoding.Numeric("x"))),
                        spec.loss(),
                        spec.optimization(),
                        new TrainingProgram.Batches(rows, false, false));
        var archive = new ByteArrayOutputStream();
        TrainingProgram.compiler(source, "cpu").compile(archive);
        clock.lap("compile to %,d kB".formatted(archive.size() / 1000));
        try (var program = TrainingProgram.load(source, "cpu")) {
            clock.lap("compile and load");
            program.initialize(0);
            clock.lap("initialize");
            Path xs = zeros("x", rows * plan.input().elements() * Float.BYTES);
            Path ys = zeros("y", rows * (long) Long.BYTES);
            program.bind(
                    new TrainingProgram.Rows(xs, ys, Optional.empty(), rows), Optional.empty());
            program.startEpoch();
            clock.lap("bind");
            var rates =
                    new LearningRates(
                            spec.optimization().scheduler(), source.groups().optimizers(), 1, 2);
            program.trainSteps(0, 1, rates.next(1), Sums.NONE);
            clock.lap("first step");
            program.trainSteps(0, 1, rates.next(1), Sums.NONE);
            clock.lap("second step");
            program.state();
            clock.lap("state");
        }
        return "%,d parameters in %d layers: %s"
                .formatted(plan.parameterCount(), plan.layers().count(), clock);
    }

    private Path zeros(String name, long bytes) throws IOException {
        Path file = folder.resolve(name);
        try (var channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), bytes - 1);
        }
        return file;
    }

    /** What each part took, in ms. */
    private static final class Clock {
        private final StringBuilder laps = new StringBuilder();
        private long last = System.nanoTime();

        void lap(String what) {
            long now = System.nanoTime();
            laps.append(
                    String.format(
                            Locale.ROOT,
                            "%s%s %.0f ms",
                            laps.isEmpty() ? "" : ", ",
                            what,
                            (now - last) / 1e6));
            last = System.nanoTime();
        }

        @Override
        public String toString() {
            return laps.toString();
        }
    }
}
