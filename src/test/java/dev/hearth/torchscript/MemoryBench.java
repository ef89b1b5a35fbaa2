package dev.hearth.torchscript;

import dev.hearth.spec.Encoding;
import dev.hearth.spec.Limits;
import dev.hearth.spec.LossSpec;
import dev.hearth.spec.MemoryEstimate;
import dev.hearth.spec.ModelPlan;
import dev.hearth.spec.ModelPlanner;
import dev.hearth.spec.SpecReader;
import dev.hearth.spec.TrainingRequest;
import dev.hearth.spec.TrainingSpec;
import dev.hearth.train.LearningRates;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.json.JsonMapper;

/**
 * What training takes of the process's own memory, beside the estimate. A main program, since each
 * specification needs a process of its own: memory that was given back is used again.
 */
final class MemoryBench {

    private MemoryBench() {}

    /**
     * @param arguments a specification with {@code input_shape} and {@code batch_size}, in JSON,
     *     and what to call it
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        TrainingRequest request =
                new SpecReader(Limits.DEFAULT)
                        .read(
                                JsonMapper.shared().readTree(arguments[0]),
                                TrainingRequest.Purpose.CHECK);
        TrainingSpec spec = request.spec();
        ModelPlan plan =
                new ModelPlanner(Limits.DEFAULT)
                        .plan(spec.model(), request.inputShape().orElseThrow(), "/model");
        int batch = spec.schedule().batchSize().orElseThrow();
        var estimate = MemoryEstimate.of(plan, spec.optimization(), batch);
        Path folder = Files.createTempDirectory("memory");
        long rows = Math.max(2L * batch, MemoryEstimate.EVALUATION_BATCH);
        boolean classes = spec.loss() instanceof LossSpec.CrossEntropyLoss;
        var files =
                new TrainingProgram.Rows(
                        floats(folder.resolve("x"), rows * plan.input().elements()),
                        classes
                                ? zeros(folder.resolve("y"), rows * Long.BYTES)
                                : floats(folder.resolve("y"), rows * plan.output().elements()),
                        Optional.empty(),
                        rows);
        LibTorch.version();
        System.gc();
        long before = anonymousBytes();
        var peak = new AtomicLong();
        var over = new AtomicBoolean();
        Thread watch =
                Thread.ofPlatform()
                        .start(() -> {
                            while (!over.get()) {
                                peak.accumulateAndGet(anonymousBytes(), Math::max);
                                Thread.onSpinWait();
                            }
                        });
        train(spec, plan, batch, files);
        over.set(true);
        watch.join();
        double measured = (peak.get() - before) / 1e6;
        System.out.printf(
                Locale.ROOT,
                "| %s | %,d | %.1f | %.1f | %.2f |%n",
                arguments[1],
                batch,
                estimate.totalBytes() / 1e6,
                measured,
                estimate.totalBytes() / 1e6 / measured);
    }

    private static void train(
            TrainingSpec spec, ModelPlan plan, int batch, TrainingProgram.Rows files) {
        var source =
                new TrainingProgram.Source(
                        plan,
                        new Encoding(List.of(new Encoding.Numeric("x"))),
                        spec.loss(),
                        spec.optimization(),
                        new TrainingProgram.Batches(batch, true, false));
        var rates =
                new LearningRates(
                        spec.optimization().scheduler(), source.groups().optimizers(), 1, 2);
        try (var program = TrainingProgram.load(source, "cpu")) {
            program.initialize(0);
            program.bind(files, Optional.of(files));
            program.startEpoch();
            program.trainSteps(0, 1, rates.next(1), Sums.NONE);
            program.trainSteps(1, 1, rates.next(1), Sums.NONE);
            program.evaluate(MemoryEstimate.EVALUATION_BATCH, EnumSet.noneOf(Need.class));
            if (program.save().model().tensors().isEmpty()) {
                throw new IllegalStateException("nothing was saved");
            }
        }
    }

    private static Path floats(Path file, long count) throws IOException {
        try (var out =
                new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            for (long i = 0; i < count; i++) {
                out.writeInt(Integer.reverseBytes(Float.floatToIntBits((i % 97) / 97f)));
            }
        }
        return file;
    }

    private static Path zeros(Path file, long bytes) throws IOException {
        return Files.write(file, new byte[Math.toIntExact(bytes)]);
    }

    /** Of the process: what is not a page of a file. */
    private static long anonymousBytes() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("RssAnon:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
