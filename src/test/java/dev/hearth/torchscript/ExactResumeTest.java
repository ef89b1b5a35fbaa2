package dev.hearth.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.VocabularyCase;
import dev.hearth.train.Checkpoint;
import dev.hearth.train.CheckpointFile;
import dev.hearth.train.Epoch;
import dev.hearth.train.TrainingObserver;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A run that is interrupted anywhere ends with the bits of one that is not: weights, optimiser and
 * metrics, through the file that a checkpoint is.
 */
class ExactResumeTest {

    private static final Set<String> FAMILIES = Set.of("optimizers", "optimization", "schedules");

    /** One step each 250 ms, so that each slice is one step. */
    private static final long STEP_NANOS = 300_000_000;

    @TempDir Path folder;

    static Stream<VocabularyCase> cases() {
        return Stream.concat(
                VocabularyCase.all()
                        .filter(ExactResumeTest::hasState)
                        .map(ExactResumeTest::shortened),
                combined());
    }

    private static boolean hasState(VocabularyCase which) {
        String text = which.specification().toString();
        return FAMILIES.contains(which.family())
                || text.contains("ropout")
                || text.contains("BatchNorm")
                || text.contains("tracking");
    }

    /** Few epochs, but for schedules, which count them. */
    private static VocabularyCase shortened(VocabularyCase which) {
        var specification = (ObjectNode) which.specification().deepCopy();
        if (!which.family().equals("schedules")) {
            specification.put("epochs", 3);
        }
        return new VocabularyCase(which.name(), which.word(), specification, which.reference());
    }

    /** Everything that keeps something, at once. */
    private static Stream<VocabularyCase> combined() {
        VocabularyCase data =
                VocabularyCase.all()
                        .filter(which -> which.family().equals("optimization"))
                        .findFirst()
                        .orElseThrow();
        String model =
                """
                {"input_shape": [4], "seed": 4294967297, "batch_size": 3, "epochs": 4,
                 "loss": "MSELoss", "model": {"layers": [
                  {"type": "Linear", "out_features": 5, "init": {"weight": {"type": "normal_"}}},
                  {"type": "BatchNorm1d"}, {"type": "Dropout", "p": 0.3}, {"type": "Tanh"},
                  {"type": "AlphaDropout", "p": 0.2}, {"type": "Linear", "out_features": 1}]}
                """;
        return Stream.of(
                        """
                        , "optimizer": {"type": "SGD", "lr": 0.1, "momentum": 0.9},
                        "accumulate": 2, "drop_last": true, "ema": {"decay": 0.9},
                        "scheduler": {"type": "OneCycleLR", "max_lr": 0.2, "interval": "step"}}
                        """,
                        """
                        , "optimizer": {"type": "Adam", "lr": 0.1, "amsgrad": true},
                        "accumulate": 4, "shuffle": false, "ema": {"decay": 0.5, "start_step": 3},
                        "scheduler": {"type": "ReduceLROnPlateau", "patience": 0}}
                        """,
                        """
                        , "optimizer": "NAdam", "batch_size": "all",
                        "scheduler": {"type": "CosineAnnealingWarmRestarts", "T_0": 2}}
                        """,
                        """
                        , "optimizer": {"type": "Adam", "lr": 0.5}, "ema": {"decay": 0.5},
                        "early_stopping": {"patience": 2, "min_delta": 0.01}}
                        """,
                        """
                        , "optimizer": "AdamW", "accumulate": 2, "max_steps": 9,
                        "early_stopping": {"metric": "train_loss", "restore_best": false}}
                        """)
                .map(rest -> {
                    String text =
                            rest.contains("batch_size")
                                    ? model.replace("\"batch_size\": 3, ", "")
                                    : model;
                    return new VocabularyCase(
                            "combined " + rest.strip(),
                            "",
                            JsonMapper.shared().readTree(text + rest),
                            data.reference());
                });
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aRunThatIsInterruptedAnywhereEndsWithTheSameBits(VocabularyCase which) throws IOException {
        var programs = new VocabularyPrograms(which, which.expected());
        var whole = new Watch(Watch.Saving.NOTHING);
        var expected = programs.run(folder, Optional.empty(), whole, () -> 0);

        var saving = new Watch(Watch.Saving.EVERYTHING);
        var saved = programs.run(folder, Optional.empty(), saving, slowly());

        assertThat(saved).as("saved at every step").isEqualTo(expected);
        assertThat(saving.metrics).isEqualTo(whole.metrics);
        assertThat(saving.checkpoints).hasSizeGreaterThan(whole.metrics.size());
        for (int i : chosen(saving.checkpoints.size())) {
            Checkpoint from = saving.checkpoints.get(i);
            var rest = new Watch(Watch.Saving.NOTHING);
            var resumed = programs.run(folder, Optional.of(from), rest, () -> 0);

            assertThat(resumed).as("from checkpoint %d, %s", i, from.place()).isEqualTo(expected);
            assertThat(rest.metrics)
                    .isEqualTo(whole.metrics.subList(from.epochs(), whole.metrics.size()));
        }
    }

    /**
     * A generator keeps the second of two normal numbers for later, and that is no part of its
     * place. So nothing may draw such numbers while a run trains.
     */
    @ParameterizedTest
    @MethodSource("dev.hearth.VocabularyCase#all")
    void noStepDrawsNormalNumbers(VocabularyCase which) {
        var trainer = new VocabularyPrograms(which, which.expected()).trainer();

        assertThat(code(trainer, "initialize"))
                .doesNotContain("normal")
                .doesNotContain("randn(")
                .contains("train_steps");
    }

    private static String code(ScriptModule module, String without) {
        var code = new StringBuilder();
        for (ScriptModule.Method method : module.methods()) {
            if (!method.name().equals(without)) {
                code.append(method).append('\n');
            }
        }
        for (ScriptModule.Attribute attribute : module.attributes()) {
            if (attribute.value() instanceof ScriptModule.ModuleValue(ScriptModule child)) {
                code.append(code(child, without));
            }
        }
        return code.toString();
    }

    /** Each kind of boundary: within and between epochs, the first and the last. */
    private static Set<Integer> chosen(int size) {
        return new TreeSet<>(List.of(0, 1, 2, 3, size / 2, size / 2 + 1, size - 2, size - 1));
    }

    private static LongSupplier slowly() {
        var time = new AtomicLong();
        return () -> time.addAndGet(STEP_NANOS);
    }

    /** Keeps what a run tells. */
    private final class Watch implements TrainingObserver {

        enum Saving {
            NOTHING,
            EVERYTHING
        }

        private final Saving saving;
        private final List<Map<String, Double>> metrics = new ArrayList<>();
        private final List<Checkpoint> checkpoints = new ArrayList<>();

        Watch(Saving saving) {
            this.saving = saving;
        }

        @Override
        public void afterSlice(Slice slice, Supplier<Checkpoint> checkpoint) {
            save(checkpoint);
        }

        @Override
        public void afterEpoch(Epoch epoch, Supplier<Checkpoint> checkpoint) {
            metrics.add(epoch.metrics());
            save(checkpoint);
        }

        @Override
        public void afterTraining(Supplier<Checkpoint> checkpoint) {
            save(checkpoint);
        }

        private void save(Supplier<Checkpoint> checkpoint) {
            if (saving == Saving.EVERYTHING) {
                checkpoints.add(throughFile(checkpoint.get()));
            }
        }

        private Checkpoint throughFile(Checkpoint checkpoint) {
            Path path = folder.resolve("checkpoint.safetensors");
            try (OutputStream out = Files.newOutputStream(path)) {
                CheckpointFile.write(checkpoint, Map.of("note", "\"quoted\" \u00e9"), out);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            try (TensorFile file = TensorFile.open(path)) {
                Checkpoint read = CheckpointFile.read(file);
                assertThat(read).isEqualTo(checkpoint);
                return read;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
