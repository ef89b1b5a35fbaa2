package dev.hearth.spec;

import static dev.hearth.spec.Specs.JSON;
import static dev.hearth.spec.Specs.lines;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.spec.ModelCheck.Checked;
import dev.hearth.spec.ModelCheck.Data;
import dev.hearth.spec.TargetColumn.Kind;
import dev.hearth.spec.TrainingRequest.Purpose;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelCheckTest {

    private static final ModelCheck CHECK = new ModelCheck(Limits.DEFAULT);

    private static TrainingSpec spec(String loss, String layers, String more) {
        return Specs.read(
                        """
                        {"input_shape": [4], "model": {"layers": [%s]}, "loss": "%s",
                         "optimizer": "Adam"%s}\
                        """
                                .formatted(layers, loss, more),
                        Purpose.CHECK)
                .spec();
    }

    private static Data data(TargetColumn target) {
        return new Data(Shape.of(4), OptionalLong.of(120), List.of(target));
    }

    private static TargetColumn classes(int count) {
        return new TargetColumn("y", Kind.CATEGORICAL, OptionalInt.of(count));
    }

    private static TargetColumn numbers() {
        return new TargetColumn("y", Kind.NUMERIC, OptionalInt.empty());
    }

    private static List<String> errors(String loss, String layers, TargetColumn target) {
        return Specs.errors(() -> CHECK.check(spec(loss, layers, ""), data(target)));
    }

    private static List<String> warnings(String loss, String layers, TargetColumn target) {
        return lines(CHECK.check(spec(loss, layers, ""), data(target)).warnings());
    }

    private static String linear(int out) {
        return "{\"type\": \"Linear\", \"out_features\": %d}".formatted(out);
    }

    private static String then(String layers, String type) {
        return layers + ", {\"type\": \"" + type + "\"}";
    }

    @Test
    void aGoodModelHasNoWarnings() {
        assertThat(warnings("CrossEntropyLoss", linear(3), classes(3))).isEmpty();
        assertThat(warnings("BCEWithLogitsLoss", linear(1), classes(2))).isEmpty();
        assertThat(warnings("BCELoss", then(linear(1), "Sigmoid"), classes(2))).isEmpty();
        assertThat(warnings("MSELoss", linear(1), numbers())).isEmpty();
    }

    @Test
    void elevenClassesDoNotFitTenOutputs() {
        assertThat(errors("CrossEntropyLoss", then(linear(10), "Dropout"), classes(11)))
                .containsExactly(
                        "/model/layers/0/out_features: expected at least 11 for the 11 classes of"
                                + " column \"y\", got 10; write 11");
    }

    @Test
    void moreOutputsThanClassesAreAWarning() {
        assertThat(warnings("CrossEntropyLoss", linear(10), classes(9)))
                .containsExactly(
                        "/model/layers/0/out_features: the model has 10 outputs for 9 classes; the"
                                + " others are trained never to be chosen; write 9");
    }

    @Test
    void theLastLinearIsNamedWhereverItIs() {
        String nested =
                "{\"type\": \"Sequential\", \"layers\": [%s, %s]}".formatted(linear(8), linear(2));

        assertThat(errors("CrossEntropyLoss", then(nested, "Tanh"), classes(3)))
                .singleElement()
                .asString()
                .startsWith("/model/layers/0/layers/1/out_features: expected at least 3");
    }

    @ParameterizedTest
    @CsvSource({"BCELoss", "BCEWithLogitsLoss"})
    void binaryLossesNeedOneOutputAndTwoClasses(String loss) {
        assertThat(errors(loss, linear(2), classes(3)))
                .containsExactly(
                        "/loss: %s needs a target of exactly two classes, but column \"y\" has 3; use"
                                        .formatted(loss)
                                + " CrossEntropyLoss",
                        "/model/layers/0/out_features: %s for one target needs an output of [1], got"
                                        .formatted(loss)
                                + " [2]; write 1, or use CrossEntropyLoss for one output per class");
        assertThat(errors(loss, linear(1), classes(1)))
                .containsExactly(
                        "/loss: %s needs a target of exactly two classes, but column \"y\" has 1;"
                                        .formatted(loss)
                                + " choose another target");
    }

    @Test
    void bceLossWithoutSigmoidIsAWarning() {
        assertThat(warnings("BCELoss", then(linear(1), "ReLU"), classes(2)))
                .containsExactly(
                        "/loss: BCELoss needs probabilities, but the last layer is ReLU, not Sigmoid,"
                                + " so training may fail; add a Sigmoid, or use BCEWithLogitsLoss,"
                                + " which is also more precise");
    }

    @Test
    void anActivationThatTheLossAppliesItselfIsAWarning() {
        assertThat(warnings("BCEWithLogitsLoss", then(linear(1), "Sigmoid"), classes(2)))
                .containsExactly(
                        "/model/layers/1: BCEWithLogitsLoss applies a sigmoid of its own, so this one"
                                + " is the second; leave it out, or use BCELoss");
        for (String type : List.of("Softmax", "LogSoftmax")) {
            String softmax = "{\"type\": \"" + type + "\", \"dim\": 1}";
            assertThat(
                            warnings(
                                    "CrossEntropyLoss",
                                    then(linear(3) + ", " + softmax, "Flatten"),
                                    classes(3)))
                    .containsExactly(
                            "/model/layers/1: CrossEntropyLoss applies a log-softmax of its own, so"
                                    + " this "
                                    + type
                                    + " is the second; leave it out");
        }
    }

    @Test
    void aRegressionNeedsOneOutputAndNumbers() {
        assertThat(errors("MSELoss", linear(3), classes(3)))
                .containsExactly(
                        "/target: MSELoss needs numbers, but column \"y\" holds categories; use"
                                + " CrossEntropyLoss",
                        "/model/layers/0/out_features: MSELoss for one target needs an output of [1],"
                                + " got [3]; write 1");
        for (Kind kind : List.of(Kind.INTEGER, Kind.BOOLEAN)) {
            assertThat(
                            warnings(
                                    "MSELoss",
                                    linear(1),
                                    new TargetColumn("y", kind, OptionalInt.of(2))))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"MSELoss", "CrossEntropyLoss"})
    void freeTextCannotBePredicted(String loss) {
        assertThat(errors(loss, linear(1), new TargetColumn("y", Kind.TEXT, OptionalInt.empty())))
                .containsExactly(
                        "/target: column \"y\" is free text, which cannot be predicted; choose another"
                                + " column, or upload the data with {\"columns\": {\"y\":"
                                + " \"categorical\"}}");
    }

    @Test
    void measurementsAreNoClasses() {
        assertThat(errors("CrossEntropyLoss", linear(3), numbers()))
                .containsExactly(
                        "/target: CrossEntropyLoss needs classes, but column \"y\" holds numbers; use"
                                + " MSELoss, or upload the data with {\"columns\": {\"y\":"
                                + " \"categorical\"}}");
        assertThat(
                        warnings(
                                "CrossEntropyLoss",
                                linear(3),
                                new TargetColumn("y", Kind.INTEGER, OptionalInt.of(3))))
                .isEmpty();
    }

    @Test
    void anOutputOfMoreDimensionsIsToldHowToMend() {
        var input = new Data(Shape.of(2, 4), OptionalLong.of(9), List.of(classes(3)));

        assertThat(Specs.errors(() -> CHECK.check(spec("CrossEntropyLoss", linear(3), ""), input)))
                .containsExactly(
                        "/model/layers: CrossEntropyLoss needs an output of [classes], got [2, 3]; add"
                                + " a Flatten before the last Linear");
        assertThat(Specs.errors(() -> CHECK.check(spec("MSELoss", linear(1), ""), input)))
                .contains(
                        "/model/layers: MSELoss for one target needs an output of [1], got [2, 1]; end"
                                + " with a Flatten and a Linear of out_features 1");
    }

    @Test
    void misfitsOfLayersAndOfTheLossAreToldTogether() {
        String layers = "{\"type\": \"Linear\", \"in_features\": 5, \"out_features\": 10}";

        assertThat(errors("CrossEntropyLoss", layers, classes(11)))
                .extracting(line -> line.substring(0, line.indexOf(':')))
                .containsExactly("/model/layers/0/in_features", "/model/layers/0/out_features");
    }

    @Test
    void aModelWithoutParametersHasNothingToTrain() {
        assertThat(errors("CrossEntropyLoss", "{\"type\": \"ReLU\"}", classes(4)))
                .containsExactly(
                        "/model/layers: expected a layer with parameters, since there is nothing to"
                                + " train; add a Linear");
    }

    @Test
    void earlierErrorsAreKeptAndMakeTheResultEmpty() {
        var errors = new SpecErrors();
        errors.add("/target", "no such column");

        assertThat(CHECK.check(spec("MSELoss", linear(3), ""), data(numbers()), errors)).isEmpty();
        assertThat(lines(errors.listed())).hasSize(2).first().isEqualTo("/target: no such column");
    }

    @Test
    void aWholeMiniBatchMustBeLeftWithDropLast() {
        TrainingSpec spec =
                spec("MSELoss", linear(1), ", \"drop_last\": true, \"batch_size\": 121");

        assertThat(Specs.errors(() -> CHECK.check(spec, data(numbers()))))
                .containsExactly(
                        "/batch_size: expected at most the 120 training rows, got 121: with drop_last"
                                + " there is no whole mini-batch; write a smaller one, or \"all\"");
    }

    @Test
    void rowsMustBeLeftToTrainOn() {
        var none = new Data(Shape.of(4), OptionalLong.of(0), List.of(numbers()));

        assertThat(Specs.errors(() -> CHECK.check(spec("MSELoss", linear(1), ""), none)))
                .containsExactly(
                        "/split/validation: no rows are left to train on; hold out fewer, or use more"
                                + " data");
    }

    @Test
    void aMiniBatchThatIsTooLargeIsToldItsLargestSize() {
        var many = new Data(Shape.of(999), OptionalLong.of(10_000_000), List.of(numbers()));
        TrainingSpec spec = spec("MSELoss", linear(1), ", \"batch_size\": \"all\"");

        assertThat(Specs.errors(() -> CHECK.check(spec, many)))
                .containsExactly(
                        "/batch_size: expected a mini-batch of at most 500,000,000 values, got"
                                + " 10,000,000 rows × 1,000; write at most 500,000");
    }

    @Test
    void memoryIsCountedForEachPart() {
        // 4·16+16 + 16·3+3 = 131 parameters; 4+16+16+3 = 39 values a sample
        String layers = then(linear(16), "ReLU") + ", {\"type\": \"Flatten\"}, " + linear(3);
        Checked checked = CHECK.check(spec("CrossEntropyLoss", layers, ""), data(classes(3)));

        assertThat(checked.plan().parameterCount()).isEqualTo(131);
        // The first layer takes 4 and makes 16, its ReLU takes and makes 16: 32 values at a time,
        // and a tenth of 39 + 32; 1024 rows are evaluated at once, of 4 + 32 values.
        assertThat(checked.memory())
                .isEqualTo(
                        new MemoryEstimate(
                                524,
                                524,
                                1048,
                                4 * 32 * 39,
                                4 * 32 * (32 + 7),
                                4 * 1024 * 36,
                                524 + 1048));
        assertThat(checked.memory().totalBytes())
                .isEqualTo(524 + 524 + 1048 + 4 * 1024 * 36 + 524 + 1048);
        assertThat(JSON.writeValueAsString(checked.memory()))
                .isEqualTo(
                        """
                        {"parameter_bytes":524,"gradient_bytes":524,"optimizer_bytes":1048,\
                        "activation_bytes":4992,"working_bytes":4992,"evaluation_bytes":147456,\
                        "checkpoint_bytes":1572,"total_bytes":151124}\
                        """);
    }

    @Test
    void theLargestBatchIsTheLastThatFits() {
        String layers = then(linear(16), "ReLU") + ", " + linear(3);
        Checked checked = CHECK.check(spec("CrossEntropyLoss", layers, ""), data(classes(3)));
        MemoryEstimate estimate = checked.memory();
        long fixed = 524 + 524 + 1048 + 1572;

        assertThat(estimate.largestBatch(32, fixed + 312L * 5000)).hasValue(5000);
        assertThat(estimate.largestBatch(32, fixed + 312L * 5000 - 1)).hasValue(4999);
        assertThat(estimate.largestBatch(32, fixed + estimate.evaluationBytes())).hasValue(472);
        assertThat(estimate.largestBatch(32, fixed + estimate.evaluationBytes() - 1)).isEmpty();
    }

    @Test
    void whatIsWithinRecurrentLayersAndAttentionIsCounted() {
        String lstm =
                "{\"type\": \"LSTM\", \"hidden_size\": 8, \"output\": \"last\"}, " + linear(1);
        var steps = new Data(Shape.of(50, 4), OptionalLong.of(100), List.of(numbers()));

        MemoryEstimate estimate = CHECK.check(spec("MSELoss", lstm, ""), steps).memory();

        // Input, output and the last layer's; 50 steps of 8 states with 4 gates of 4 values.
        assertThat(estimate.activationBytes()).isEqualTo(4L * 32 * (200 + 8 + 1 + 50 * 8 * 4 * 4));
    }

    @Test
    void theOptimizersStateIsItsOwn() {
        ModelPlan plan = CHECK.check(spec("MSELoss", linear(1), ""), data(numbers())).plan();

        assertThat(bytes(plan, new OptimizerSpec.SGD(0.1, 0, 0, 0, false, false))).isZero();
        assertThat(bytes(plan, new OptimizerSpec.SGD(0.1, 0.9, 0, 0, false, false))).isEqualTo(20);
        assertThat(
                        bytes(
                                plan,
                                new OptimizerSpec.Adam(
                                        0.1,
                                        new OptimizerSpec.Betas(0.9, 0.9),
                                        0,
                                        0,
                                        false,
                                        false)))
                .isEqualTo(40);
    }

    private static long bytes(ModelPlan plan, OptimizerSpec optimizer) {
        return MemoryEstimate.of(plan, OptimizationSpec.of(optimizer), 1).optimizerBytes();
    }

    @Test
    void aBatchIsNoLargerThanTheData() {
        TrainingSpec all = spec("MSELoss", linear(1), ", \"batch_size\": \"all\"");
        TrainingSpec large = spec("MSELoss", linear(1), ", \"batch_size\": 1000");

        assertThat(CHECK.check(all, data(numbers())).memory().activationBytes())
                .isEqualTo(CHECK.check(large, data(numbers())).memory().activationBytes())
                .isEqualTo(4 * 120 * 5);
    }

    @Test
    void withoutADataSetAllRowsAreNotKnown() {
        TrainingSpec all = spec("MSELoss", linear(1), ", \"batch_size\": \"all\"");
        Checked checked = CHECK.check(all, Data.unknown(Shape.of(4)));

        assertThat(checked.memory().activationBytes()).isEqualTo(4 * 5);
        assertThat(lines(checked.warnings()))
                .containsExactly(
                        "/batch_size: without a data set the number of rows is not known, so memory is"
                                + " estimated for a batch of one");
    }

    @Test
    void aSingleOutputIsNoChoiceForCrossEntropy() {
        Checked checked =
                CHECK.check(spec("CrossEntropyLoss", linear(1), ""), Data.unknown(Shape.of(4)));

        assertThat(lines(checked.warnings()))
                .containsExactly(
                        "/model/layers/0/out_features: CrossEntropyLoss of a single output is always"
                                + " 0; write one output per class, or use BCEWithLogitsLoss for two"
                                + " classes");
    }
}
