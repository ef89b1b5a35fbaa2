package dev.hearth.spec;

import static dev.hearth.spec.Specs.errors;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.spec.Activation.LogSoftmax;
import dev.hearth.spec.Activation.ReLU;
import dev.hearth.spec.Activation.Softmax;
import dev.hearth.spec.Activation.Tanh;
import dev.hearth.spec.LayerSpec.Sequential;
import dev.hearth.spec.ModelPlan.Parameter;
import dev.hearth.spec.Noise.Dropout;
import dev.hearth.spec.Projection.Linear;
import dev.hearth.spec.Reshaping.Flatten;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelPlannerTest {

    private static ModelPlan plan(Shape input, LayerSpec... layers) {
        return new ModelPlanner(Limits.DEFAULT)
                .plan(Sequential.of(List.of(layers)), input, "/model");
    }

    private static List<String> misfits(Shape input, LayerSpec... layers) {
        return errors(() -> plan(input, layers));
    }

    private static Linear linear(long out) {
        return new Linear(OptionalLong.empty(), out, true);
    }

    private static Linear linear(long in, long out) {
        return new Linear(OptionalLong.of(in), out, true);
    }

    @Test
    void pathsShapesAndParametersArePyTorchs() {
        ModelPlan plan =
                plan(
                        Shape.of(4),
                        linear(16),
                        new ReLU(),
                        Sequential.of(
                                List.of(
                                        new Dropout(0.5),
                                        new Linear(OptionalLong.empty(), 8, false))),
                        linear(8, 3));

        assertThat(plan.layers())
                .extracting(layer -> layer.path() + " " + layer.spec().type() + layer.output())
                .containsExactly(
                        " Sequential[3]",
                        "0 Linear[16]",
                        "1 ReLU[16]",
                        "2 Sequential[8]",
                        "2.0 Dropout[16]",
                        "2.1 Linear[8]",
                        "3 Linear[3]");
        assertThat(plan.layers().flatMap(layer -> layer.parameters().stream()))
                .containsExactly(
                        new Parameter("weight", Shape.of(16, 4)),
                        new Parameter("bias", Shape.of(16)),
                        new Parameter("weight", Shape.of(8, 16)),
                        new Parameter("weight", Shape.of(3, 8)),
                        new Parameter("bias", Shape.of(3)));
        assertThat(plan.parameterCount()).isEqualTo(16 * 4 + 16 + 8 * 16 + 3 * 8 + 3);
        assertThat(plan.input()).isEqualTo(Shape.of(4));
        assertThat(plan.output()).isEqualTo(Shape.of(3));
    }

    @Test
    void inferredExtentsAreFilledIn() {
        ModelPlan plan =
                plan(Shape.of(4), linear(16), Sequential.of(List.of(linear(2))), new Tanh());

        assertThat(plan.root().spec())
                .isEqualTo(
                        Sequential.of(
                                List.of(
                                        linear(4, 16),
                                        Sequential.of(List.of(linear(16, 2))),
                                        new Tanh())));
    }

    @Test
    void aLinearActsOnTheLastDimension() {
        assertThat(plan(Shape.of(3, 5, 4), linear(4, 7)).output()).isEqualTo(Shape.of(3, 5, 7));
    }

    @ParameterizedTest
    @CsvSource({
        "1, -1, '[60]'",
        "1, 2, '[15, 4]'",
        "2, 3, '[3, 20]'",
        "-2, -1, '[3, 20]'",
        "2, 2, '[3, 5, 4]'"
    })
    void aFlattenCountsTheBatchDimension(int start, int end, String output) {
        assertThat(plan(Shape.of(3, 5, 4), new Flatten(start, end)).output()).hasToString(output);
    }

    @Test
    void aFlattenOfOneDimensionChangesNothing() {
        assertThat(plan(Shape.of(4), new Flatten(1, -1)).output()).isEqualTo(Shape.of(4));
    }

    @Test
    void aMisfitNamesBothExtentsAndWhereTheInputComesFrom() {
        assertThat(misfits(Shape.of(4), linear(256), new ReLU(), linear(512, 10)))
                .containsExactly(
                        "/model/layers/2/in_features: expected 256, got 512; layer 1 (ReLU) outputs"
                                + " [256]; write 256 or leave in_features out");
    }

    @Test
    void afterAMisfitTheDeclaredExtentsGoOn() {
        assertThat(
                        misfits(
                                Shape.of(4),
                                linear(5, 8),
                                Sequential.of(List.of(new ReLU(), linear(7, 6))),
                                linear(6, 5),
                                new Softmax(0),
                                linear(1, 3)))
                .containsExactly(
                        "/model/layers/0/in_features: expected 4, got 5; the model's input is [4];"
                                + " write 4 or leave in_features out",
                        "/model/layers/1/layers/1/in_features: expected 8, got 7; layer 1.0 (ReLU)"
                                + " outputs [8]; write 8 or leave in_features out",
                        "/model/layers/3/dim: dimension 0 is the batch, whose samples must not mix;"
                                + " write 1 for the first dimension of a sample or -1 for the last",
                        "/model/layers/4/in_features: expected 5, got 1; layer 3 (Softmax) outputs"
                                + " [5]; write 5 or leave in_features out");
    }

    @Test
    void softmaxWorksOnADimensionOfTheSample() {
        assertThat(plan(Shape.of(3, 4), new Softmax(1), new LogSoftmax(-1)).output())
                .isEqualTo(Shape.of(3, 4));
        assertThat(misfits(Shape.of(3, 4), new Softmax(-3), new LogSoftmax(3), new Softmax(-4)))
                .containsExactly(
                        "/model/layers/0/dim: dimension -3 is the batch, whose samples must not mix;"
                                + " write 1 for the first dimension of a sample or -1 for the last",
                        "/model/layers/1/dim: expected 1 to 2, or -2 to -1, got 3; layer 0 (Softmax)"
                                + " outputs [3, 4], after the batch dimension",
                        "/model/layers/2/dim: expected 1 to 2, or -2 to -1, got -4; layer 1"
                                + " (LogSoftmax) outputs [3, 4], after the batch dimension");
    }

    @Test
    void aFlattenThatDoesNotFitIsToldAndTheRestGoesOn() {
        assertThat(misfits(Shape.of(3, 4), new Flatten(0, -1), linear(9, 2), linear(3, 1)))
                .containsExactly(
                        "/model/layers/0/start_dim: dimension 0 is the batch, whose samples must not"
                                + " mix; write 1 for the first dimension of a sample or -1 for the"
                                + " last",
                        "/model/layers/2/in_features: expected 2, got 3; layer 1 (Linear) outputs"
                                + " [*, 2]; write 2 or leave in_features out");
        assertThat(misfits(Shape.of(3, 4), new Flatten(2, 1)))
                .containsExactly(
                        "/model/layers/0/start_dim: expected at most end_dim, got 2 with end_dim 1;"
                                + " the model's input is [3, 4]");
        assertThat(misfits(Shape.of(3, 4), new Flatten(1, 3)))
                .containsExactly(
                        "/model/layers/0/end_dim: expected 1 to 2, or -2 to -1, got 3; the model's"
                                + " input is [3, 4], after the batch dimension");
    }

    @Test
    void aSampleWithoutDimensionsHasNothingForALinear() {
        assertThat(misfits(Shape.of(), linear(2)))
                .containsExactly(
                        "/model/layers/0: expected at least one dimension per sample, got none; the"
                                + " model's input is []");
    }

    @Test
    void aBillionByABillionIsRefusedWithItsNumbers() {
        assertThat(misfits(Shape.of(4), linear(1_000_000_000), linear(1_000_000_000)))
                .containsExactly(
                        "/model/layers/0/out_features: expected at most 250,000,000 parameters in the"
                                + " model, got 5,000,000,000 in this layer (1,000,000,000 × 4 and the"
                                + " bias); make the layer smaller",
                        "/model/layers/1/out_features: expected at most 250,000,000 parameters in the"
                                + " model, got 1,000,000,001,000,000,000 in this layer (1,000,000,000"
                                + " × 1,000,000,000 and the bias); make the layer smaller");
    }

    @Test
    void productsPastTheLargestLongAreRefusedWithTheirNumbers() {
        assertThat(misfits(Shape.of(4), linear(4, Long.MAX_VALUE), linear(Long.MAX_VALUE)))
                .hasSize(2)
                .last()
                .asString()
                .contains("got 85,070,591,730,234,615,856,620,279,821,087,277,056 in this layer");
        assertThat(
                        misfits(
                                Shape.of(1L << 32, 1L << 32),
                                new Flatten(1, -1),
                                new Linear(OptionalLong.of(1), 1, false)))
                .containsExactly(
                        "/input_shape: expected at most 500,000,000 values for one sample, got"
                                + " 18,446,744,073,709,551,616 up to here; make the input or the"
                                + " layers smaller");
    }

    @Test
    void manyLayersTogetherMayBeTooMuchToo() {
        LayerSpec layer = linear(10_000);

        assertThat(misfits(Shape.of(10_000), layer, layer, layer, layer))
                .containsExactly(
                        "/model/layers/2/out_features: expected at most 250,000,000 parameters in the"
                                + " model, got 300,030,000 up to this layer; make the layers smaller");
        assertThat(plan(Shape.of(10_000), layer, layer).parameterCount()).isEqualTo(200_020_000);
    }

    @Test
    void aSampleThatMakesTooManyValuesIsRefusedOnce() {
        var wide = new Linear(OptionalLong.empty(), 1_000_000, false);

        assertThat(misfits(Shape.of(1000, 1), wide, new ReLU(), new ReLU()))
                .containsExactly(
                        "/model/layers/0: expected at most 500,000,000 values for one sample, got"
                                + " 1,000,001,000 up to here; make the input or the layers smaller");
    }
}
