package dev.hearth.torchscript;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.VocabularyCase;
import dev.hearth.spec.Limits;
import dev.hearth.spec.NamePattern;
import dev.hearth.spec.SpecReader;
import dev.hearth.spec.TrainingRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every word of the language against PyTorch. Run with {@code -Dhearth.vocabulary.report=FILE} for
 * a table of how near each came.
 */
class VocabularyTest {

    private static final int STEPS = 10;
    private static final double TOLERANCE = 1e-5;

    /**
     * Gradients that are 0 on paper are rounding noise: this share of the largest gradient is as
     * small as a tensor's scale gets.
     */
    private static final double NOISE = 1e-3;

    /** Families whose words are about the steps themselves. */
    private static final Set<String> STEPPING = Set.of("optimizers", "optimization", "schedules");

    private static final VocabularyReport REPORT = new VocabularyReport();

    /** What is compared, in this order. */
    enum Stage {
        INITIAL("initial"),
        EVALUATION("forward, evaluation"),
        TRAINING("forward, training"),
        GRADIENT("gradient"),
        LOSSES("10 losses"),
        RATES("learning rates"),
        FINAL("after 10 steps"),
        OPTIMIZER("optimizer's state"),
        EXPORTED("exported file");

        private final String title;

        Stage(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    @TempDir Path folder;

    @AfterAll
    static void writeReport() throws IOException {
        REPORT.write();
    }

    @ParameterizedTest
    @MethodSource("dev.hearth.VocabularyCase#all")
    void theWordIsPyTorchs(VocabularyCase which) throws IOException {
        SequencedMap<String, TensorData> expected = which.expected();
        var programs = new VocabularyPrograms(which, expected);
        StateDict initial = programs.initial();
        SequencedMap<String, TensorData> first = programs.firstBatch();
        VocabularyPrograms.Trained trained = programs.train(STEPS, folder);

        var differences = new EnumMap<Stage, Double>(Stage.class);
        differences.put(Stage.INITIAL, compare(group(expected, "initial/"), initial.tensors()));
        differences.put(Stage.EVALUATION, compare(only(expected, "eval"), only(first, "eval")));
        differences.put(Stage.TRAINING, compare(only(expected, "train"), only(first, "train")));
        differences.put(
                Stage.GRADIENT, compare(group(expected, "gradient/"), group(first, "gradient/")));
        differences.put(Stage.LOSSES, compare(only(expected, "losses"), losses(trained)));
        if (expected.containsKey("rates")) {
            differences.put(Stage.RATES, compare(only(expected, "rates"), rates(trained)));
        }
        differences.put(
                Stage.OPTIMIZER,
                compare(group(expected, "optimizer/"), byPath(trained.optimizer())));
        differences.put(Stage.FINAL, compare(group(expected, "final/"), trained.state().tensors()));
        differences.put(
                Stage.EXPORTED,
                compare(only(expected, "eval"), Map.of("eval", programs.exported(initial))));

        if (STEPPING.contains(which.family())) {
            assertTrainedParametersMoved(which, initial, trained.state());
        }
        REPORT.add(which, differences);
        var softly = new SoftAssertions();
        softly.assertThat(differences.get(Stage.INITIAL)).as("initial, bit for bit").isZero();
        softly.assertThat(differences.getOrDefault(Stage.RATES, 0.0))
                .as("rates, bit for bit")
                .isZero();
        differences.forEach((stage, difference) ->
                softly.assertThat(difference).as(stage.title()).isLessThanOrEqualTo(TOLERANCE));
        softly.assertAll();
    }

    /** TorchScript can drop what it takes for dead code: the step of a parameter, say. */
    private static void assertTrainedParametersMoved(
            VocabularyCase which, StateDict initial, StateDict trained) {
        List<NamePattern> frozen =
                new SpecReader(Limits.DEFAULT)
                        .read(which.specification(), TrainingRequest.Purpose.CHECK)
                        .spec()
                        .optimization()
                        .freeze();
        initial.tensors()
                .forEach((name, tensor) -> {
                    boolean moved = !tensor.equals(trained.tensor(name));
                    assertThat(moved)
                            .as(name)
                            .isEqualTo(frozen.stream().noneMatch(p -> p.matches(name)));
                });
    }

    private static Map<String, TensorData> losses(VocabularyPrograms.Trained trained) {
        double[] losses = trained.losses().stream().mapToDouble(Double::doubleValue).toArray();
        return Map.of("losses", TensorData.of(losses));
    }

    /** Of each step, for each group. */
    private static Map<String, TensorData> rates(VocabularyPrograms.Trained trained) {
        double[] values =
                trained.rates().stream().flatMapToDouble(r -> Arrays.stream(r.values())).toArray();
        return Map.of("rates", TensorData.of(values));
    }

    /** By names such as {@code 0.weight/exp_avg}. */
    private static Map<String, TensorData> byPath(OptimizerStateDict optimizer) {
        var tensors = new LinkedHashMap<String, TensorData>();
        optimizer
                .state()
                .forEach((parameter, state) ->
                        state.forEach(
                                (name, tensor) -> tensors.put(parameter + "/" + name, tensor)));
        return tensors;
    }

    private static SequencedMap<String, TensorData> only(
            Map<String, TensorData> tensors, String name) {
        var chosen = new LinkedHashMap<String, TensorData>();
        tensors.forEach((key, value) -> {
            if (key.equals(name)) {
                chosen.put(key, value);
            }
        });
        return chosen;
    }

    /** Those whose name begins with {@code prefix}, by the rest of it. */
    private static SequencedMap<String, TensorData> group(
            Map<String, TensorData> tensors, String prefix) {
        var chosen = new LinkedHashMap<String, TensorData>();
        tensors.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                chosen.put(key.substring(prefix.length()), value);
            }
        });
        return chosen;
    }

    /**
     * The largest difference of any element, relative to the largest magnitude of its tensor; 0 if
     * all bits are the same.
     */
    private static double compare(
            Map<String, TensorData> expected, Map<String, TensorData> actual) {
        assertThat(List.copyOf(actual.keySet())).isEqualTo(List.copyOf(expected.keySet()));
        double largest =
                expected.values().stream()
                        .mapToDouble(tensor -> magnitude(values(tensor)))
                        .max()
                        .orElse(0);
        double worst = 0;
        for (Map.Entry<String, TensorData> entry : expected.entrySet()) {
            TensorData wanted = entry.getValue();
            TensorData found = requireNonNull(actual.get(entry.getKey()));
            assertThat(found.shape()).as(entry.getKey()).isEqualTo(wanted.shape());
            assertThat(found.type()).as(entry.getKey()).isEqualTo(wanted.type());
            if (!found.bytes().equals(wanted.bytes())) {
                double[] a = values(found);
                double[] b = values(wanted);
                double scale = Math.max(magnitude(b), NOISE * largest);
                for (int i = 0; i < a.length; i++) {
                    double difference = Math.abs(a[i] - b[i]) / scale;
                    // Not Math.max of a possible NaN: a value that is none must not pass.
                    assertThat(difference).as(entry.getKey()).isFinite();
                    worst = Math.max(worst, Math.max(difference, Double.MIN_NORMAL));
                }
            }
        }
        return worst;
    }

    private static double magnitude(double[] values) {
        double largest = 0;
        for (double value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static double[] values(TensorData tensor) {
        ByteBuffer bytes = tensor.bytes().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        var values = new double[Math.toIntExact(tensor.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] =
                    switch (tensor.type()) {
                        case FLOAT32 -> bytes.getFloat();
                        case FLOAT64 -> bytes.getDouble();
                        case INT64 -> bytes.getLong();
                    };
        }
        return values;
    }
}
