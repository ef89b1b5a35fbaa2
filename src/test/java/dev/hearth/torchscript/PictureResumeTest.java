package dev.hearth.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.spec.BlockInput;
import dev.hearth.spec.Limits;
import dev.hearth.spec.ModelPlan;
import dev.hearth.spec.ModelPlanner;
import dev.hearth.spec.Shape;
import dev.hearth.spec.SpecReader;
import dev.hearth.spec.TrainingRequest;
import dev.hearth.spec.TrainingSpec;
import dev.hearth.spec.TransformLists;
import dev.hearth.spec.TransformSpec;
import dev.hearth.spec.Transforms;
import dev.hearth.tensorfile.ElementType;
import dev.hearth.train.Checkpoint;
import dev.hearth.train.Epoch;
import dev.hearth.train.LearningRates;
import dev.hearth.train.Scoring;
import dev.hearth.train.Split;
import dev.hearth.train.Training;
import dev.hearth.train.TrainingObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * As {@link ExactResumeTest}, where transforms draw: also normal numbers in pairs, of which the
 * second may be left when a run is interrupted.
 */
class PictureResumeTest {

    private static final int ROWS = 24;
    private static final int SIDE = 10;
    private static final String SPECIFICATION =
            """
            {"input_shape": [1, 10, 10], "loss": "CrossEntropyLoss", "optimizer": "Adam",
             "epochs": 3, "batch_size": 5, "seed": 12,
             "model": {"layers": [
               {"type": "Conv2d", "out_channels": 3, "kernel_size": 3,
                "init": {"bias": {"type": "normal_"}}},
               {"type": "ReLU"}, {"type": "Flatten"}, {"type": "Dropout", "p": 0.2},
               {"type": "Linear", "out_features": 4}]}}
            """;

    /** Rectangles of 3×3 and thereabouts: fewer than 16 numbers, and often an odd one. */
    private static final String TRANSFORMS =
            """
            ["RandomHorizontalFlip", "ToTensor",
             {"type": "RandomErasing", "p": 0.7, "scale": [0.02, 0.2], "value": "random"}]
            """;

    @TempDir Path folder;

    private final TrainingSpec spec =
            new SpecReader(Limits.DEFAULT)
                    .read(
                            JsonMapper.shared().readTree(SPECIFICATION),
                            TrainingRequest.Purpose.CHECK)
                    .spec();
    private final ModelPlan plan =
            new ModelPlanner(Limits.DEFAULT).plan(spec.model(), Shape.of(1, SIDE, SIDE), "/model");

    @BeforeEach
    void writeThePictures() throws IOException {
        var values = new byte[ROWS * SIDE * SIDE];
        new Random(4).nextBytes(values);
        byte[] header =
                "{\"values\":{\"dtype\":\"U8\",\"shape\":[%d,1,%d,%d],\"data_offsets\":[0,%d]}}"
                        .formatted(ROWS, SIDE, SIDE, values.length)
                        .getBytes(StandardCharsets.UTF_8);
        var file =
                ByteBuffer.allocate(Long.BYTES + header.length + values.length)
                        .order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(header.length).put(header).put(values);
        Files.write(folder.resolve("block"), file.array());
        writeLongs("rows", 1);
        writeLongs("labels", 4);
    }

    private void writeLongs(String name, int classes) throws IOException {
        var longs = ByteBuffer.allocate(ROWS * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        LongStream.range(0, ROWS).forEach(row -> longs.putLong(classes == 1 ? row : row % classes));
        Files.write(folder.resolve(name), longs.array());
    }

    private TrainingProgram.Source source() {
        Transforms transforms = TransformLists.read(JsonMapper.shared().readTree(TRANSFORMS));
        List<TransformSpec> training = Transforms.toFloats(transforms.train(), false);
        return new TrainingProgram.Source(
                plan,
                new BlockInput(
                        "image",
                        BlockInput.Kind.IMAGE,
                        ElementType.UINT8,
                        List.of(1L, (long) SIDE, (long) SIDE),
                        Transforms.toFloats(transforms.eval(), false)),
                spec.loss(),
                spec.optimization(),
                new TrainingProgram.Batches(5, true, false),
                training);
    }

    private StateDict run(Optional<Checkpoint> from, TrainingObserver observer, boolean slowly) {
        var rows =
                new TrainingProgram.Rows(
                        folder.resolve("rows"), folder.resolve("labels"), Optional.empty(), ROWS);
        var pace =
                new Training.Pace(
                        spec.schedule().epochs(), 5, false, 1, spec.schedule().stopping());
        var training =
                new Training(
                        new Split(rows, List.of(1.0)),
                        Optional.empty(),
                        new Scoring(spec.objective()),
                        pace,
                        spec.schedule().seed());
        var rates =
                new LearningRates(
                        spec.optimization().scheduler(),
                        source().groups().optimizers(),
                        spec.schedule().epochs(),
                        training.updates());
        var time = new AtomicLong();
        try (var program = TrainingProgram.load(source(), "cpu")) {
            program.mapBlock(folder.resolve("block"));
            training.run(
                    program, rates, from, observer, () -> slowly ? time.addAndGet(300_000_000) : 0);
            return program.state();
        }
    }

    /** Keeps a checkpoint of each step, or none. */
    private record Keeping(boolean keeps, List<Checkpoint> checkpoints)
            implements TrainingObserver {

        Keeping(boolean keeps) {
            this(keeps, new ArrayList<>());
        }

        private void keep(Supplier<Checkpoint> checkpoint) {
            if (keeps) {
                checkpoints.add(checkpoint.get());
            }
        }

        @Override
        public void afterSlice(Slice slice, Supplier<Checkpoint> checkpoint) {
            keep(checkpoint);
        }

        @Override
        public void afterEpoch(Epoch epoch, Supplier<Checkpoint> checkpoint) {
            keep(checkpoint);
        }

        @Override
        public void afterTraining(Supplier<Checkpoint> checkpoint) {}
    }

    @Test
    void aRunThatErasesByChanceEndsWithTheSameBitsWhereverItIsInterrupted() {
        StateDict expected = run(Optional.empty(), new Keeping(false), false);

        var keeping = new Keeping(true);
        StateDict kept = run(Optional.empty(), keeping, true);

        assertThat(kept).as("saved at every step").isEqualTo(expected);
        assertThat(spareNumbers(keeping.checkpoints)).contains(0.0, 1.0);
        for (Checkpoint from : keeping.checkpoints) {
            assertThat(run(Optional.of(from), new Keeping(false), false))
                    .as("from %s", from.place())
                    .isEqualTo(expected);
        }
    }

    /**
     * Whether there was one, at each checkpoint: else nothing of what is asserted here is tried.
     */
    private static List<Double> spareNumbers(List<Checkpoint> checkpoints) {
        return checkpoints.stream()
                .map(each -> each.program().optimizer().tensors().get("steps"))
                .map(steps ->
                        Objects.requireNonNull(steps)
                                .bytes()
                                .duplicate()
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .getDouble(2 * Double.BYTES))
                .toList();
    }

    /** Three biases leave the second number of a pair, which PyTorch's first erasing takes. */
    @Test
    void aNumberThatIsLeftOfTheParametersIsTheFirstSpareOne() {
        assertThat(SpareNormal.initialize(plan)).contains("self.spares = 1.");
    }
}
