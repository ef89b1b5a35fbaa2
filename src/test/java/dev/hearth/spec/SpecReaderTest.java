package dev.hearth.spec;

import static dev.hearth.spec.Specs.errors;
import static dev.hearth.spec.Specs.problem;
import static dev.hearth.spec.Specs.read;
import static dev.hearth.spec.Specs.with;
import static dev.hearth.spec.Specs.withLoss;
import static dev.hearth.spec.Specs.withOptimizer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.problem.ProblemCode;
import dev.hearth.spec.TrainingRequest.Purpose;
import dev.hearth.spec.TrainingSpec.Preprocessing;
import dev.hearth.spec.TrainingSpec.Schedule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpecReaderTest {

    private static final String FULL =
            """
            {"name": "iris", "dataset": "d1", "target": "species", "features": ["a", "b"],
             "model": {"layers": [
               {"type": "Linear", "in_features": 2, "out_features": 16, "bias": false},
               {"type": "Sequential", "layers": [{"type": "ReLU"}, {"type": "Dropout", "p": 0.25}]},
               {"type": "Linear", "out_features": 3},
               {"type": "LogSoftmax", "dim": 1}]},
             "loss": {"type": "CrossEntropyLoss"},
             "optimizer": {"type": "SGD", "lr": 0.1, "momentum": 0.9, "nesterov": true},
             "epochs": 1000000, "batch_size": "all", "shuffle": false, "drop_last": true,
             "seed": 9223372036854775807,
             "split": {"validation": 0.25, "stratify": true},
             "preprocessing": {"standardize": false, "one_hot": false},
             "priority": -7, "device": "cuda:1"}\
            """;

    @Test
    void aFullRequestIsReadFieldByField() {
        TrainingRequest request = read(FULL, Purpose.RUN);

        var layers =
                List.<LayerSpec>of(
                        new Projection.Linear(OptionalLong.of(2), 16, false),
                        LayerSpec.Sequential.of(
                                List.of(new Activation.ReLU(), new Noise.Dropout(0.25))),
                        new Projection.Linear(OptionalLong.empty(), 3, true),
                        new Activation.LogSoftmax(1));
        var spec =
                new TrainingSpec(
                        LayerSpec.Sequential.of(layers),
                        new Objective(
                                List.of("species"),
                                new LossSpec.CrossEntropyLoss(
                                        Optional.empty(),
                                        LossSpec.IGNORE_NOTHING,
                                        0,
                                        LossSpec.Reduction.MEAN),
                                Optional.empty(),
                                List.of()),
                        List.of("a", "b"),
                        new Preprocessing(false, false, Map.of(), Map.of()),
                        Transforms.NONE,
                        OptimizationSpec.of(new OptimizerSpec.SGD(0.1, 0.9, 0, 0, true, false)),
                        new Schedule(
                                1_000_000,
                                OptionalInt.empty(),
                                false,
                                true,
                                Long.MAX_VALUE,
                                Stopping.NEVER),
                        new SplitSpec.Random(new SplitSpec.Fractions(0.25, 0), Optional.of(true)));
        assertThat(request)
                .isEqualTo(
                        new TrainingRequest(
                                Optional.of("iris"),
                                Optional.of("d1"),
                                Optional.empty(),
                                -7,
                                "cuda:1",
                                CheckpointPolicy.DEFAULT,
                                spec));
    }

    @Test
    void whatIsLeftOutHasPyTorchsDefaults() {
        TrainingRequest request = read(with("\"seed\": 0"), Purpose.CHECK);
        TrainingSpec spec = request.spec();

        assertThat(request.device()).isEqualTo("auto");
        assertThat(spec.optimizer())
                .isEqualTo(
                        new OptimizerSpec.Adam(
                                0.001, new OptimizerSpec.Betas(0.9, 0.999), 1e-8, 0, false, false));
        assertThat(spec.schedule())
                .isEqualTo(new Schedule(10, OptionalInt.of(32), true, false, 0, Stopping.NEVER));
        assertThat(spec.split()).isEqualTo(SplitSpec.Random.DEFAULT);
        assertThat(spec.preprocessing()).isEqualTo(Preprocessing.DEFAULT);
        assertThat(spec.features()).isEmpty();
        assertThat(read(withOptimizer("\"SGD\""), Purpose.CHECK).spec().optimizer())
                .isEqualTo(new OptimizerSpec.SGD(0.001, 0, 0, 0, false, false));
    }

    @Test
    void anAdamIsReadWithAllItsArguments() {
        String adam =
                """
                {"type": "Adam", "lr": 0, "betas": [0.8, 0], "eps": 0, "weight_decay": 1e-4}\
                """;

        assertThat(read(withOptimizer(adam), Purpose.CHECK).spec().optimizer())
                .isEqualTo(
                        new OptimizerSpec.Adam(
                                0, new OptimizerSpec.Betas(0.8, 0), 0, 1e-4, false, false));
    }

    @Test
    void aRunNeedsANameADataSetAndATarget() {
        assertThat(errors(() -> read(with("\"seed\": 0"), Purpose.RUN)))
                .containsExactly(
                        "/name: required, but missing; a run needs it",
                        "/dataset: required, but missing; a run needs it",
                        "/target: required, but missing; a run needs it");
    }

    @Test
    void aCheckNeedsAModelALossAndAnOptimizer() {
        assertThat(errors("{\"input_shape\": [4]}"))
                .containsExactly(
                        "/model: required, but missing; write {\"layers\": [...]}",
                        "/loss: required, but missing; write one of "
                                + String.join(", ", LossReader.names()),
                        "/optimizer: required, but missing; write an optimizer's name such as Adam,"
                                + " or an object with its"
                                + " arguments");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    []     | expected an object, got an array
                    "x"    | expected an object, got a string ("x")
                    7      | expected an object, got the number 7
                    null   | expected an object, got null; leave the field out for its default
                    """)
    void aBodyThatIsNoObjectIsRefusedAtTheRoot(String body, String message) {
        assertThat(errors(body)).containsExactly(": " + message);
    }

    @Test
    void allErrorsAreToldAtOnceEachWithItsPlace() {
        String json =
                """
                {"name": "Iris!", "dataset": 7, "target": "", "features": ["a", "a", 3],
                 "model": {"layers": [{"type": "Linear", "out_features": 0},
                                      {"type": "Dropout", "p": 1}], "layer": []},
                 "loss": "L3Loss", "optimizer": {"type": "SGD", "lr": -1},
                 "epochs": 2147483648, "batch_size": 0, "shuffle": 1, "drop_last": "no",
                 "seed": -1, "split": {"validation": 1}, "preprocessing": [], "device": "tpu",
                 "a/b~c": 1}\
                """;

        var problem = problem(() -> read(json, Purpose.RUN));

        assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_SPECIFICATION);
        assertThat(problem.violations())
                .extracting("pointer")
                .containsExactly(
                        "/a~1b~0c",
                        "/name",
                        "/dataset",
                        "/target",
                        "/features/1",
                        "/features/2",
                        "/model/layer",
                        "/model/layers/0/out_features",
                        "/model/layers/1/p",
                        "/loss",
                        "/optimizer/lr",
                        "/epochs",
                        "/batch_size",
                        "/shuffle",
                        "/drop_last",
                        "/seed",
                        "/split/validation",
                        "/preprocessing",
                        "/device");
        assertThat(problem.detail())
                .isEqualTo("19 things are wrong with the specification; errors lists them");
    }

    @Test
    void oneErrorIsAlsoTheDetail() {
        assertThat(problem(() -> read(with("\"epochs\": 0"), Purpose.CHECK)).detail())
                .isEqualTo("/epochs: expected a whole number from 1 to 1,000,000, got 0");
    }

    @Test
    void atMostAHundredErrorsAreListedAndTheOthersCounted() {
        String layers = "{\"type\": \"Relu\"},".repeat(250);
        var problem = problem(() -> Specs.layers(layers.substring(0, layers.length() - 1)));

        assertThat(problem.violations()).hasSize(100);
        assertThat(problem.detail())
                .isEqualTo(
                        "250 things are wrong with the specification; the first 100 are listed in"
                                + " errors");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    2147483648  | expected a whole number from 1 to 1,000,000, got 2147483648
                    0           | expected a whole number from 1 to 1,000,000, got 0
                    1.5         | expected a whole number from 1 to 1,000,000, got 1.5; write it without fraction and exponent
                    10.0        | expected a whole number from 1 to 1,000,000, got 10.0; write it without fraction and exponent
                    1e400       | expected a whole number from 1 to 1,000,000, got one past 1.8e308; write it without fraction and exponent
                    "10"        | expected a whole number from 1 to 1,000,000, got a string ("10"); write it without quotes
                    true        | expected a whole number from 1 to 1,000,000, got true
                    18446744073709551617 | expected a whole number from 1 to 1,000,000, got 18446744073709551617
                    """)
    void epochsAreAWholeNumberInRange(String epochs, String message) {
        assertThat(errors(with("\"epochs\": " + epochs))).containsExactly("/epochs: " + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"lr": -1}             | /lr: expected a number of at least 0, got -1
                    {"lr": "0.1"}          | /lr: expected a number of at least 0, got a string ("0.1"); write it without quotes
                    {"lr": "fast"}         | /lr: expected a number of at least 0, got a string ("fast")
                    {"lr": null}           | /lr: expected a number of at least 0, got null; leave the field out for its default
                    {"betas": [0.9]}       | /betas: expected two numbers such as [0.9, 0.999], got 1
                    {"betas": [0.9, 1]}    | /betas/1: expected a number of at least 0 and below 1, got 1
                    {"betas": 0.9}         | /betas: expected an array of two numbers, got the number 0.9
                    {"eps": -1e-8}         | /eps: expected a number of at least 0, got -1.0E-8
                    {"momentum": 0.9}      | /momentum: unknown field "momentum"; Adam has type, lr, betas, eps, weight_decay, amsgrad, maximize, groups
                    {"weight_decy": 1}     | /weight_decy: unknown field "weight_decy"; Adam has type, lr, betas, eps, weight_decay, amsgrad, maximize, groups; did you mean "weight_decay"?
                    """)
    void anOptimizersArgumentsAreChecked(String arguments, String message) {
        String adam = arguments.replace("{", "{\"type\": \"Adam\", ");
        assertThat(errors(withOptimizer(adam))).containsExactly("/optimizer" + message);
    }

    @Test
    void aNumberPastTheLargestDoubleIsRefused() {
        assertThat(errors(withOptimizer("{\"type\": \"SGD\", \"lr\": 1e400}")))
                .containsExactly(
                        "/optimizer/lr: expected a number within ±1.8e308, got one past 1.8e308");
        String digits = "1" + "0".repeat(400);
        assertThat(errors(withOptimizer("{\"type\": \"SGD\", \"lr\": " + digits + "}")))
                .singleElement()
                .asString()
                .startsWith("/optimizer/lr: expected a number within ±1.8e308, got 10000")
                .hasSizeLessThan(150);
    }

    @Test
    void nesterovNeedsMomentumWithoutDampening() {
        assertThat(errors(withOptimizer("{\"type\": \"SGD\", \"nesterov\": true}")))
                .containsExactly(
                        "/optimizer/nesterov: Nesterov's momentum needs momentum above 0 and"
                                + " dampening 0, got momentum 0.0 and dampening 0.0; add"
                                + " \"momentum\": 0.9 or leave nesterov out");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "CrossEntropy"  | : unknown loss "CrossEntropy"; known are MSELoss, L1Loss, SmoothL1Loss, HuberLoss, PoissonNLLLoss, KLDivLoss, BCELoss, BCEWithLogitsLoss, MultiLabelSoftMarginLoss, CrossEntropyLoss, NLLLoss, HingeEmbeddingLoss, CosineEmbeddingLoss; did you mean "CrossEntropyLoss"?
                    "mse_loss"      | : unknown loss "mse_loss"; known are MSELoss, L1Loss, SmoothL1Loss, HuberLoss, PoissonNLLLoss, KLDivLoss, BCELoss, BCEWithLogitsLoss, MultiLabelSoftMarginLoss, CrossEntropyLoss, NLLLoss, HingeEmbeddingLoss, CosineEmbeddingLoss; did you mean "MSELoss"?
                    {"type": "Focal"} | /type: unknown loss "Focal"; known are MSELoss, L1Loss, SmoothL1Loss, HuberLoss, PoissonNLLLoss, KLDivLoss, BCELoss, BCEWithLogitsLoss, MultiLabelSoftMarginLoss, CrossEntropyLoss, NLLLoss, HingeEmbeddingLoss, CosineEmbeddingLoss
                    {}              | /type: required, but missing; write one of MSELoss, L1Loss, SmoothL1Loss, HuberLoss, PoissonNLLLoss, KLDivLoss, BCELoss, BCEWithLogitsLoss, MultiLabelSoftMarginLoss, CrossEntropyLoss, NLLLoss, HingeEmbeddingLoss, CosineEmbeddingLoss
                    {"type": 3}     | /type: expected a string, got the number 3
                    {"type": "MSELoss", "delta": 1} | /delta: unknown field "delta"; MSELoss has type, reduction
                    3               | : expected an object with a type, got the number 3
                    """)
    void aLossIsOneOfThoseKnown(String loss, String message) {
        assertThat(errors(withLoss(loss))).containsExactly("/loss" + message);
    }

    @Test
    void anUnknownOptimizerListsTheKnownOnes() {
        assertThat(errors(withOptimizer("\"AdamX\"")))
                .containsExactly(
                        "/optimizer: unknown optimizer \"AdamX\"; known are SGD, Adam, AdamW,"
                                + " NAdam, RAdam, RMSprop, Adagrad, Adadelta, Adamax; did you mean"
                                + " \"Adam\"?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "batchSize": 3            | /batchSize: unknown field "batchSize"; a request has name, dataset, input_shape, target, features, model, loss, sample_weight, metrics, optimizer, scheduler, freeze, accumulate, clip_grad_norm, clip_grad_value, ema, epochs, batch_size, shuffle, drop_last, early_stopping, max_steps, max_minutes, seed, split, preprocessing, transforms, priority, device, checkpoint; did you mean "batch_size"?
                    "batch_size": "some"      | /batch_size: expected a whole number or "all", got a string ("some")
                    "batch_size": 0           | /batch_size: expected a whole number from 1 to 1,000,000, got 0
                    "seed": 9223372036854775808 | /seed: expected a whole number from 0 to 9,223,372,036,854,775,807, got 9223372036854775808
                    "split": {"validation": 1}  | /split/validation: expected a number of at least 0 and below 1, got 1
                    "split": {"holdout": 0.1} | /split/holdout: unknown field "holdout"; split has validation, test, stratify, group, time, k_fold, fold, column, train
                    "split": {"fold": 1}      | /split/fold: it goes with k_fold; write that too, or leave it out
                    "split": 0.2              | /split: expected an object, got the number 0.2
                    "preprocessing": {"onehot": true} | /preprocessing/onehot: unknown field "onehot"; preprocessing has standardize, one_hot, columns, missing; did you mean "one_hot"?
                    "preprocessing": {"missing": {"a": "drop"}} | /preprocessing/missing/a: expected one of reject, mean, median, most_frequent, constant, got "drop"
                    "preprocessing": {"missing": ["a"]} | /preprocessing/missing: expected an object of columns and policies, got an array
                    "preprocessing": {"missing": {"a/b": {"strategy": "constant"}}} | /preprocessing/missing/a~1b/fill_value: expected a number, a string that is not empty, or a boolean, got nothing
                    "preprocessing": {"standardize": "true"} | /preprocessing/standardize: expected true or false, got a string ("true"); write it without quotes
                    "priority": 101           | /priority: expected a whole number from -100 to 100, got 101
                    "device": "cuda:x"        | /device: expected auto, cpu, cuda or such as cuda:0, got "cuda:x"
                    "name": "../etc"          | /name: expected 1 to 63 lower-case letters, digits, '.', '_' or '-', beginning with a letter or digit, got "../etc"
                    "features": []            | /features: expected at least one column; leave the field out for every column but the target
                    "features": "a"           | /features: expected an array of column names, got a string ("a")
                    "features": ["a", "b", "a"] | /features/2: column "a" is listed twice; leave it out here
                    "target": "y", "features": ["x", "y"] | /features/1: column "y" is the target, which must not be an input; leave it out here
                    "input_shape": []         | /input_shape: expected the 1 to 8 extents of one sample, such as [4], got 0
                    "input_shape": [1,1,1,1,1,1,1,1,1] | /input_shape: expected the 1 to 8 extents of one sample, such as [4], got 9
                    "input_shape": [2, 0]     | /input_shape/1: expected a whole number from 1 to 9,223,372,036,854,775,807, got 0
                    "dataset": "d"            | /target: required, but missing; name the column of the data set to predict
                    "input_shape": [4], "dataset": "d", "target": "y" | /input_shape: the data set says it already; leave one of the two out
                    """)
    void eachFieldIsChecked(String field, String message) {
        assertThat(errors(with(field))).containsExactly(message);
    }

    @Test
    void stratifyingIsForClasses() {
        String json =
                with("\"split\": {\"stratify\": true}").replace("CrossEntropyLoss", "MSELoss");

        assertThat(errors(json))
                .containsExactly(
                        "/split/stratify: MSELoss predicts a number, so there are no classes to"
                                + " keep in proportion; leave it out");
    }

    @Test
    void aRunTakesNoInputShape() {
        String json = FULL.replace("\"dataset\"", "\"input_shape\": [2], \"dataset\"");

        assertThat(errors(() -> read(json, Purpose.RUN)))
                .containsExactly("/input_shape: a run takes it from the data set; leave it out");
    }

    @Test
    void withoutADataSetTheFirstLinearSaysWhatTheInputIs() {
        assertThat(read(with("\"seed\": 0"), Purpose.CHECK).inputShape()).contains(Shape.of(4));
        assertThat(read(with("\"dataset\": \"d\", \"target\": \"y\""), Purpose.CHECK).inputShape())
                .isEmpty();
        assertThat(read(with("\"input_shape\": [3, 4]"), Purpose.CHECK).inputShape())
                .contains(Shape.of(3, 4));
    }

    @Test
    void aCheckMustBeAbleToKnowTheInput() {
        String json = with("\"seed\": 0").replace("\"in_features\": 4, ", "");

        assertThat(errors(json))
                .containsExactly(
                        "/input_shape: the model's input is not known; name a dataset, write"
                                + " input_shape, or let the first layer be a Linear with"
                                + " in_features");
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "cpu", "cuda", "cuda:0", "cuda:15"})
    void theDevicesAreThese(String device) {
        assertThat(read(with("\"device\": \"" + device + "\""), Purpose.CHECK).device())
                .isEqualTo(device);
    }

    @Test
    void whatACallerSentIsQuotedEscapedAndCutShort() {
        String json = with("\"device\": \"\\u0000\\n\\\"" + "x".repeat(5000) + "\"");

        assertThat(errors(json))
                .containsExactly(
                        "/device: expected auto, cpu, cuda or such as cuda:0, got \"\\u0000\\n\\\""
                                + "x".repeat(57)
                                + "…\"");
        assertThat(errors(with("\"" + "k".repeat(5000) + "\": 1")))
                .singleElement()
                .asString()
                .startsWith(": unknown field \"kkk")
                .hasSizeLessThan(500);
    }
}
