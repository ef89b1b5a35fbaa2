package dev.hearth.spec;

import static dev.hearth.spec.Specs.errors;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What does not fit is told in the words of the specification, with the mend. */
class LayerShapesTest {

    private static final String CONV =
            "{\"type\": \"Conv2d\", \"out_channels\": 8, \"kernel_size\": 4}, ";

    private static String spec(String shape, String layers) {
        return """
        {"input_shape": %s, "model": {"layers": [%s]}, "loss": "MSELoss", "optimizer": "SGD"}\
        """
                .formatted(shape, layers);
    }

    private static List<String> misfits(String shape, String layers) {
        return errors(() -> {
            var request = Specs.read(spec(shape, layers), TrainingRequest.Purpose.CHECK);
            new ModelPlanner(Limits.DEFAULT)
                    .plan(request.spec().model(), request.inputShape().orElseThrow(), "/model");
        });
    }

    @Test
    void aKernelLargerThanItsInputIsToldWithWhereTheInputComesFrom() {
        assertThat(
                        misfits(
                                "[1, 8, 8]",
                                CONV
                                        + "{\"type\": \"Conv2d\", \"out_channels\": 2, \"kernel_size\": 7}"))
                .containsExactly(
                        "/model/layers/1/kernel_size: expected at most 5, got 7; layer 0 (Conv2d)"
                                + " outputs [8, 5, 5]; make kernel_size smaller or padding larger");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"type": "Conv2d", "in_channels": 3, "out_channels": 2, "kernel_size": 1} | /in_channels: expected 8, got 3; layer 0 (Conv2d) outputs [8, 5, 5]; write 8 or leave in_channels out
                    {"type": "Conv2d", "out_channels": 3, "kernel_size": 1, "groups": 3} | /groups: expected a divisor of 8, got 3; layer 0 (Conv2d) outputs [8, 5, 5]; write one that leaves no rest
                    {"type": "Conv2d", "out_channels": 2, "kernel_size": [1, 2, 3]} | /kernel_size: expected a whole number, or 2 of them, got 3; write one for all dimensions
                    {"type": "Conv2d", "out_channels": 0, "kernel_size": 1} | /out_channels: expected a whole number from 1 to 1,000,000,000, got 0
                    {"type": "Conv2d", "out_channels": 2, "kernel_size": 2, "stride": 2, "padding": "same"} | /padding: "same" needs a stride of 1; write how much is padded, or leave stride out
                    {"type": "Conv2d", "out_channels": 2, "kernel_size": 1, "padding": 5, "padding_mode": "reflect"} | /padding: expected at most 4 for padding_mode reflect, got 5; layer 0 (Conv2d) outputs [8, 5, 5]; make padding smaller, or leave padding_mode out for zeros
                    {"type": "Conv1d", "out_channels": 2, "kernel_size": 1} | : Conv1d takes 2 dimensions per sample, [channels, width], got 3; layer 0 (Conv2d) outputs [8, 5, 5]; add a Flatten or an Unflatten before it, or choose another layer
                    {"type": "MaxPool2d", "kernel_size": 6} | /kernel_size: expected at most 5, got 6; layer 0 (Conv2d) outputs [8, 5, 5]; make kernel_size smaller or padding larger
                    {"type": "MaxPool2d", "kernel_size": 2, "padding": 2} | /padding: expected at most half of the window, 1, got 2; make padding smaller or kernel_size larger
                    {"type": "BatchNorm2d", "num_features": 5} | /num_features: expected 8, got 5; layer 0 (Conv2d) outputs [8, 5, 5]; write 8 or leave num_features out
                    {"type": "GroupNorm", "num_groups": 3} | /num_groups: expected a divisor of 8, got 3; layer 0 (Conv2d) outputs [8, 5, 5]; write one that leaves no rest
                    {"type": "LayerNorm", "normalized_shape": [5, 4]} | /normalized_shape: expected the last extents of the input, got [5, 4]; layer 0 (Conv2d) outputs [8, 5, 5]; write such as [5] or leave normalized_shape out
                    {"type": "LSTM", "hidden_size": 3} | : LSTM takes 2 dimensions per sample, [steps, features], got 3; layer 0 (Conv2d) outputs [8, 5, 5]; add a Flatten or an Unflatten before it, or choose another layer
                    {"type": "Unflatten", "dim": 1, "unflattened_size": [3, -1]} | /unflattened_size: expected extents whose product is 8, got [3, -1]; layer 0 (Conv2d) outputs [8, 5, 5]; change one of them, or write -1 in its place
                    {"type": "PixelShuffle", "upscale_factor": 3} | /upscale_factor: expected one whose square, 9, divides the 8 channels; layer 0 (Conv2d) outputs [8, 5, 5]; write another, or change the channels before it
                    {"type": "Upsample"} | /scale_factor: required, but missing; write it or size
                    {"type": "PReLU", "num_parameters": 3} | /num_parameters: expected 1, or one for each channel, got 3; layer 0 (Conv2d) outputs [8, 5, 5]; leave it out for one slope
                    {"type": "Bilinear", "out_features": 3} | : Bilinear takes two inputs, got one; layer 0 (Conv2d) outputs [8, 5, 5]; call it in the forward of a Module, or use a Linear
                    {"type": "BatchNorm2d", "init": "xavier_normal_"} | /init: xavier_normal_ needs a weight of at least two dimensions, and there is none; use such as constant_
                    {"type": "Conv2d", "out_channels": 2, "kernel_size": 1, "bias": false, "init": {"bias": "zeros_"}} | /init: the layer has no bias; leave bias out of init
                    {"type": "Conv2d", "out_channels": 2, "kernel_size": 1, "init": {"bias": "orthogonal_"}} | /init/bias: orthogonal_ needs two dimensions, and a bias has one; use such as zeros_
                    {"type": "Conv2d", "out_channels": 2, "kernel_size": 1, "init": "xavier_norml_"} | /init: unknown initializer "xavier_norml_"; known are default, xavier_uniform_, xavier_normal_, kaiming_uniform_, kaiming_normal_, uniform_, normal_, trunc_normal_, zeros_, ones_, constant_, orthogonal_; did you mean "xavier_normal_"?
                    """)
    void aMisfitIsToldWithItsPlaceAndMend(String layer, String message) {
        assertThat(misfits("[1, 8, 8]", CONV + layer)).containsExactly("/model/layers/1" + message);
    }

    @Test
    void hugeExtentsAreRefusedBeforeAnythingIsAllocated() {
        assertThat(
                        misfits(
                                "[1000000, 1]",
                                """
                                {"type": "Conv1d", "out_channels": 1000000000, "kernel_size": 1}
                                """))
                .containsExactly(
                        "/model/layers/0/out_channels: expected at most 250,000,000 parameters in the"
                                + " model, got 1,000,001,000,000,000 in this layer; make the layer"
                                + " smaller");
        assertThat(
                        misfits(
                                "[4, 4]",
                                """
                                {"type": "LSTM", "hidden_size": 1000000000, "num_layers": 64}
                                """))
                .singleElement()
                .asString()
                .startsWith(
                        "/model/layers/0/hidden_size: expected at most 250,000,000 parameters in the"
                                + " model, got 508,");
        assertThat(
                        misfits(
                                "[1, 9, 9]",
                                """
                                {"type": "Upsample", "scale_factor": 1000000},
                                {"type": "ConvTranspose2d", "out_channels": 9, "kernel_size": 9, "stride": 1000000}
                                """))
                .containsExactly(
                        "/model/layers/0: expected at most 500,000,000 values for one sample, got"
                                + " 81,000,000,000,081 up to here; make the input or the layers"
                                + " smaller");
    }

    @ParameterizedTest
    @CsvSource({
        "33, 8, false, true",
        "33, 8, true, false",
        "32, 8, false, false",
        "9, 1, true, true"
    })
    void aBatchNormalisationNeedsMoreThanOneRow(
            long rows, int batchSize, boolean dropLast, boolean refused) {
        String json =
                """
                {"input_shape": [4], "model": {"layers": [{"type": "Linear", "out_features": 3},
                 {"type": "BatchNorm1d"}, {"type": "Linear", "out_features": 1}]}, "loss": "MSELoss",
                 "optimizer": "SGD", "batch_size": %d, "drop_last": %s}\
                """
                        .formatted(batchSize, dropLast);
        var request = Specs.read(json, TrainingRequest.Purpose.CHECK);
        var data = new ModelCheck.Data(Shape.of(4), OptionalLong.of(rows), List.of());

        if (refused) {
            assertThat(errors(() -> new ModelCheck(Limits.DEFAULT).check(request.spec(), data)))
                    .containsExactly(
                            "/batch_size: a mini-batch has only one row, of which layer 1"
                                    + " (BatchNorm1d) can take no statistics; write another"
                                    + " batch_size, or \"drop_last\": true");
        } else {
            assertThat(new ModelCheck(Limits.DEFAULT).check(request.spec(), data).plan().output())
                    .isEqualTo(Shape.of(1));
        }
    }
}
