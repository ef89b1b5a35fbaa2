package dev.hearth.spec;

import static dev.hearth.spec.Specs.errors;
import static dev.hearth.spec.Specs.read;
import static dev.hearth.spec.Specs.with;
import static dev.hearth.spec.Specs.withOptimizer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.spec.ModelCheck.Data;
import dev.hearth.spec.OptimizationSpec.ClipNorm;
import dev.hearth.spec.OptimizationSpec.Ema;
import dev.hearth.spec.OptimizationSpec.Gradients;
import dev.hearth.spec.OptimizationSpec.Interval;
import dev.hearth.spec.OptimizerSpec.Betas;
import dev.hearth.spec.TrainingRequest.Purpose;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptimizationReaderTest {

    private static OptimizationSpec spec(String fields) {
        return read(with(fields), Purpose.CHECK).spec().optimization();
    }

    private static OptimizerSpec optimizer(String json) {
        return read(withOptimizer(json), Purpose.CHECK).spec().optimizer();
    }

    /** With 100 training rows in mini-batches of 32, and 10 epochs. */
    private static List<String> misfits(String json) {
        TrainingSpec spec = read(json, Purpose.CHECK).spec();
        var target = new TargetColumn("y", TargetColumn.Kind.CATEGORICAL, OptionalInt.of(3));
        var data = new Data(Shape.of(4), OptionalLong.of(100), List.of(target));
        return errors(() -> new ModelCheck(Limits.DEFAULT).check(spec, data));
    }

    @Test
    void defaultsArePyTorchs() {
        var betas = new Betas(0.9, 0.999);
        assertThat(optimizer("\"SGD\""))
                .isEqualTo(new OptimizerSpec.SGD(0.001, 0, 0, 0, false, false));
        assertThat(optimizer("\"Adam\""))
                .isEqualTo(new OptimizerSpec.Adam(0.001, betas, 1e-8, 0, false, false));
        assertThat(optimizer("\"AdamW\""))
                .isEqualTo(new OptimizerSpec.AdamW(0.001, betas, 1e-8, 0.01, false, false));
        assertThat(optimizer("\"NAdam\""))
                .isEqualTo(new OptimizerSpec.NAdam(0.002, betas, 1e-8, 0, 0.004, false, false));
        assertThat(optimizer("\"RAdam\""))
                .isEqualTo(new OptimizerSpec.RAdam(0.001, betas, 1e-8, 0, false, false));
        assertThat(optimizer("\"RMSprop\""))
                .isEqualTo(new OptimizerSpec.RMSprop(0.01, 0.99, 1e-8, 0, 0, false, false));
        assertThat(optimizer("\"Adagrad\""))
                .isEqualTo(new OptimizerSpec.Adagrad(0.01, 0, 0, 0, 1e-10, false));
        assertThat(optimizer("\"Adadelta\""))
                .isEqualTo(new OptimizerSpec.Adadelta(1, 0.9, 1e-6, 0, false));
        assertThat(optimizer("\"Adamax\""))
                .isEqualTo(new OptimizerSpec.Adamax(0.002, betas, 1e-8, 0, false));
    }

    @Test
    void everyArgumentIsRead() {
        assertThat(
                        optimizer(
                                """
                                {"type": "RMSprop", "lr": 1, "alpha": 2, "eps": 3, "weight_decay": 4,
                                 "momentum": 5, "centered": true, "maximize": true}\
                                """))
                .isEqualTo(new OptimizerSpec.RMSprop(1, 2, 3, 4, 5, true, true));
        assertThat(
                        optimizer(
                                """
                                {"type": "Adagrad", "lr": 1, "lr_decay": 2, "weight_decay": 3,
                                 "initial_accumulator_value": 4, "eps": 5, "maximize": true}\
                                """))
                .isEqualTo(new OptimizerSpec.Adagrad(1, 2, 3, 4, 5, true));
        assertThat(
                        optimizer(
                                """
                                {"type": "NAdam", "lr": 1, "betas": [0.1, 0.2], "eps": 2,
                                 "weight_decay": 3, "momentum_decay": 4,
                                 "decoupled_weight_decay": true}\
                                """))
                .isEqualTo(new OptimizerSpec.NAdam(1, new Betas(0.1, 0.2), 2, 3, 4, true, false));
        assertThat(optimizer("{\"type\": \"Adadelta\", \"rho\": 1, \"eps\": 2}"))
                .isEqualTo(new OptimizerSpec.Adadelta(1, 1, 2, 0, false));
    }

    @Test
    void aGroupHasTheOptimizersArgumentsButThoseThatItGives() {
        OptimizationSpec spec =
                read(
                                withOptimizer(
                                        """
                                        {"type": "AdamW", "lr": 0.1, "groups": [
                                         {"parameters": "*.bias", "weight_decay": 0},
                                         {"parameters": ["a", "b?"], "betas": [0.5, 0.6]}]}\
                                        """),
                                Purpose.CHECK)
                        .spec()
                        .optimization();

        assertThat(spec.groups())
                .containsExactly(
                        new ParameterGroup(
                                List.of(new NamePattern("*.bias")),
                                new OptimizerSpec.AdamW(
                                        0.1, new Betas(0.9, 0.999), 1e-8, 0, false, false)),
                        new ParameterGroup(
                                List.of(new NamePattern("a"), new NamePattern("b?")),
                                new OptimizerSpec.AdamW(
                                        0.1, new Betas(0.5, 0.6), 1e-8, 0.01, false, false)));
    }

    @Test
    void aParameterBelongsToTheFirstGroupThatMatchesAndOthersToTheLast() {
        OptimizationSpec spec =
                read(
                                withOptimizer(
                                                """
                                                {"type": "SGD", "groups": [
                                                 {"parameters": "*.bias", "lr": 1},
                                                 {"parameters": "1.*", "lr": 2}]}\
                                                """)
                                        .replace("\"seed\": 0", "\"freeze\": \"2.*\""),
                                Purpose.CHECK)
                        .spec()
                        .optimization();

        var groups =
                ParameterGroups.of(
                        spec,
                        List.of("0.weight", "0.bias", "1.weight", "1.bias", "2.weight", "2.bias"));

        assertThat(groups.groups().stream().map(ParameterGroups.Group::parameters))
                .containsExactly(
                        List.of("0.bias", "1.bias"), List.of("1.weight"), List.of("0.weight"));
        assertThat(groups.frozen()).containsExactly("2.weight", "2.bias");
    }

    @ParameterizedTest
    @CsvSource({
        "*, layer.0.weight, true",
        "*.bias, 0.bias, true",
        "*.bias, 0.bias.x, false",
        "0.*, 0.1.weight, true",
        "0.*, 10.weight, false",
        "?.weight, 1.weight, true",
        "?.weight, 10.weight, false",
        "a*b*c, a.b.c.b.c, true",
        "a*b*c, a.b.c.b, false",
        "0.weight, 0.weight, true",
        "0.weight, 0xweight, false"
    })
    void aPatternIsAGlob(String pattern, String name, boolean matches) {
        assertThat(new NamePattern(pattern).matches(name)).isEqualTo(matches);
    }

    @Test
    void aHostilePatternTakesNoTime() {
        String stars = "*a".repeat(2000);

        assertThat(new NamePattern(stars + "b").matches("a".repeat(4000))).isFalse();
    }

    @Test
    void whatIsDoneToGradientsIsRead() {
        OptimizationSpec spec =
                spec(
                        """
                        "accumulate": 4, "clip_grad_norm": {"max_norm": 1, "norm_type": "inf"},
                        "clip_grad_value": 0.5, "ema": {"decay": 0.9, "start_step": 3}\
                        """);

        assertThat(spec.gradients())
                .isEqualTo(
                        new Gradients(
                                4,
                                Optional.of(new ClipNorm(1, Double.POSITIVE_INFINITY)),
                                OptionalDouble.of(0.5)));
        assertThat(spec.ema()).contains(new Ema(0.9, 3));
        assertThat(spec("\"ema\": {}").ema()).contains(new Ema(0.999, 0));
        assertThat(spec("\"seed\": 0").gradients()).isEqualTo(Gradients.PLAIN);
    }

    @Test
    void schedulersThatPyTorchStepsEachBatchGoByStepsAndOthersByEpochs() {
        assertThat(interval("{\"type\": \"StepLR\", \"step_size\": 3}")).isEqualTo(Interval.EPOCH);
        assertThat(interval("{\"type\": \"OneCycleLR\", \"max_lr\": 3}")).isEqualTo(Interval.STEP);
        assertThat(interval("{\"type\": \"CyclicLR\", \"base_lr\": 1, \"max_lr\": 3}"))
                .isEqualTo(Interval.STEP);
        assertThat(interval("{\"type\": \"StepLR\", \"step_size\": 3, \"interval\": \"step\"}"))
                .isEqualTo(Interval.STEP);
    }

    private static Interval interval(String scheduler) {
        return spec("\"scheduler\": " + scheduler).scheduler().orElseThrow().interval();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "accumulate": 0                       | /accumulate: expected a whole number from 1 to 1,000,000, got 0
                    "clip_grad_norm": 1.0                 | /clip_grad_norm: expected an object, got the number 1.0
                    "clip_grad_norm": {}                  | /clip_grad_norm/max_norm: required, but missing; write the norm that gradients are brought down to
                    "clip_grad_norm": {"max_norm": 0}     | /clip_grad_norm/max_norm: expected a number above 0, got 0
                    "clip_grad_norm": {"max_norm": 1, "norm_type": "two"} | /clip_grad_norm/norm_type: expected a number above 0 or "inf", got a string ("two")
                    "clip_grad_norm": {"max_norm": 1, "p": 2} | /clip_grad_norm/p: unknown field "p"; clip_grad_norm has max_norm, norm_type
                    "clip_grad_value": -1                 | /clip_grad_value: expected a number above 0, got -1
                    "ema": {"decay": 1.5}                 | /ema/decay: expected a number from 0 to 1, got 1.5
                    "ema": 0.9                            | /ema: expected an object, got the number 0.9
                    "freeze": []                          | /freeze: expected at least one pattern of parameter names
                    "freeze": [3]                         | /freeze/0: expected a string, got the number 3
                    "scheduler": "StepLR"                 | /scheduler: expected an object with a type, got a string ("StepLR")
                    "scheduler": {"type": "CosineLR"}     | /scheduler/type: unknown scheduler "CosineLR"; known are StepLR, MultiStepLR, ConstantLR, LinearLR, ExponentialLR, PolynomialLR, CosineAnnealingLR, CosineAnnealingWarmRestarts, LambdaLR, OneCycleLR, CyclicLR, ReduceLROnPlateau, SequentialLR
                    "scheduler": {"type": "StepLR"}       | /scheduler/step_size: required, but missing; write after how many epochs the rate is multiplied by gamma
                    "scheduler": {"type": "StepLR", "step_size": 0} | /scheduler/step_size: expected a whole number from 1 to 1,000,000,000,000, got 0
                    "scheduler": {"type": "StepLR", "step_size": 1, "interval": "batch"} | /scheduler/interval: expected epoch or step, got "batch"
                    "scheduler": {"type": "ReduceLROnPlateau", "interval": "step"} | /scheduler/interval: ReduceLROnPlateau looks at an epoch's metrics, so it goes by epochs; leave interval out
                    "scheduler": {"type": "ReduceLROnPlateau", "factor": 1} | /scheduler/factor: expected a number of at least 0 and below 1, got 1
                    "scheduler": {"type": "ReduceLROnPlateau", "mode": "MIN"} | /scheduler/mode: expected min or max, got "MIN"; did you mean "min"?
                    "scheduler": {"type": "LambdaLR", "factors": []} | /scheduler/factors: expected 1 to 100,000 numbers, got 0
                    "scheduler": {"type": "LinearLR", "start_factor": 0} | /scheduler/start_factor: expected a number above 0 and at most 1, got 0
                    "scheduler": {"type": "OneCycleLR"}   | /scheduler/max_lr: required, but missing; write the highest learning rate
                    "scheduler": {"type": "OneCycleLR", "max_lr": [1, -1]} | /scheduler/max_lr/1: expected a number above 0, got -1
                    "scheduler": {"type": "SequentialLR", "schedulers": [{"type": "ExponentialLR", "gamma": 1}], "milestones": [3]} | /scheduler/milestones: expected one between each two schedulers, so 0 for 1 schedulers, got 1
                    "scheduler": {"type": "SequentialLR", "schedulers": [{"type": "ReduceLROnPlateau"}], "milestones": []} | /scheduler/schedulers/0: ReduceLROnPlateau cannot be a part of a SequentialLR, as in PyTorch; use another one
                    "scheduler": {"type": "SequentialLR", "schedulers": [{"type": "ExponentialLR", "gamma": 1, "interval": "step"}], "milestones": []} | /scheduler/schedulers/0/interval: unknown field "interval"; ExponentialLR has type, gamma
                    """)
    void whatIsWrongIsSaid(String fields, String message) {
        assertThat(errors(with(fields))).containsExactly(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"weight_decay": 0}                      | /parameters: required, but missing; write a pattern of parameter names such as "*.bias"
                    {"parameters": "*", "lr": -1}            | /lr: expected a number of at least 0, got -1
                    {"parameters": "*", "momentum": 0}       | /momentum: unknown field "momentum"; a parameter group has parameters, lr, betas, eps, weight_decay, amsgrad, maximize
                    {"parameters": []}                       | /parameters: expected at least one pattern of parameter names
                    """)
    void aGroupIsChecked(String group, String message) {
        assertThat(errors(withOptimizer("{\"type\": \"Adam\", \"groups\": [" + group + "]}")))
                .containsExactly("/optimizer/groups/0" + message);
    }

    @Test
    void anOptimizerWithoutMomentumCannotCycleIt() {
        String json =
                withOptimizer("\"Adagrad\"")
                        .replace(
                                "\"seed\": 0",
                                "\"scheduler\": {\"type\": \"OneCycleLR\", \"max_lr\": 1}");

        assertThat(errors(json))
                .containsExactly(
                        "/scheduler: Adagrad has no momentum to cycle; write \"cycle_momentum\":"
                                + " false");
        assertThat(errors(json.replace("\"max_lr\": 1", "\"max_lr\": 1, \"max_momentum\": 1")))
                .containsExactly(
                        "/scheduler/max_momentum: expected a number above 0 and below 1, got 1",
                        "/scheduler: Adagrad has no momentum to cycle; write \"cycle_momentum\":"
                                + " false");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "freeze": "1.*"     | /freeze: pattern "1.*" matches no parameter; there are 0.weight, 0.bias
                    "freeze": "*"       | /freeze: all parameters are frozen, so there is nothing to train; leave some out
                    "scheduler": {"type": "OneCycleLR", "max_lr": [1, 2]} | /scheduler/max_lr: expected a number, or one for each of the 1 parameter groups, got 2
                    "scheduler": {"type": "OneCycleLR", "max_lr": 1, "total_steps": 39} | /scheduler/total_steps: expected at least the 40 steps of the run, got 39; leave it out for just these
                    "scheduler": {"type": "OneCycleLR", "max_lr": 1, "pct_start": 0.025} | /scheduler/pct_start: with 40 steps a phase of the cycle has length 0, which PyTorch divides by; write another pct_start or more steps
                    "accumulate": 3, "scheduler": {"type": "OneCycleLR", "max_lr": 1, "total_steps": 19} | /scheduler/total_steps: expected at least the 20 steps of the run, got 19; leave it out for just these
                    "scheduler": {"type": "ReduceLROnPlateau", "metric": "val_loss"} | /scheduler/metric: unknown metric "val_loss"; an epoch has train_loss, train_accuracy, validation_loss, validation_accuracy
                    "scheduler": {"type": "ReduceLROnPlateau"}, "split": {"validation": 0} | /scheduler/metric: no rows are held out, so there is no "validation_loss"; write "metric": "train_loss", or hold out rows
                    """)
    void whatDoesNotFitTheModelOrTheRunIsSaid(String fields, String message) {
        assertThat(misfits(with(fields))).containsExactly(message);
    }

    @Test
    void aGroupWithoutParametersIsSaid() {
        assertThat(
                        misfits(
                                withOptimizer(
                                        """
                                        {"type": "Adam", "groups": [{"parameters": "0.*"},
                                         {"parameters": "*.bias"}, {"parameters": "9.*"}]}\
                                        """)))
                .containsExactly(
                        "/optimizer/groups/1/parameters: no parameter is left for this group: those"
                                + " that match are frozen or belong to an earlier group; leave the"
                                + " group out",
                        "/optimizer/groups/2/parameters: pattern \"9.*\" matches no parameter; there"
                                + " are 0.weight, 0.bias");
    }
}
