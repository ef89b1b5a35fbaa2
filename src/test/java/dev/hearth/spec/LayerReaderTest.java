package dev.hearth.spec;

import static dev.hearth.spec.Specs.errorsOfLayers;
import static dev.hearth.spec.Specs.layers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.VocabularyCase;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayerReaderTest {

    private static final String KNOWN = String.join(", ", LayerReader.vocabulary().keySet());

    @Test
    void everyLayerIsReadWithItsDefaults() {
        String layers =
                """
                {"type": "Linear", "out_features": 3}, {"type": "ReLU"}, {"type": "Sigmoid"},
                {"type": "Tanh"}, {"type": "Softmax", "dim": 1}, {"type": "LogSoftmax", "dim": -1},
                {"type": "Dropout"}, {"type": "Flatten"},
                {"type": "Sequential", "layers": [{"type": "Flatten", "start_dim": 2, "end_dim": 3}]}
                """;

        assertThat(layers(layers).spec().model().layers())
                .containsExactly(
                        new Projection.Linear(OptionalLong.empty(), 3, true),
                        new Activation.ReLU(),
                        new Activation.Sigmoid(),
                        new Activation.Tanh(),
                        new Activation.Softmax(1),
                        new Activation.LogSoftmax(-1),
                        new Noise.Dropout(0.5),
                        new Reshaping.Flatten(1, -1),
                        LayerSpec.Sequential.of(List.of(new Reshaping.Flatten(2, 3))));
    }

    @Test
    void theReaderKnowsEveryKindThatThereIs() {
        assertThat(LossReader.names()).containsExactlyInAnyOrderElementsOf(names(LossSpec.class));
        assertThat(OptimizerReader.vocabulary().keySet())
                .containsExactlyInAnyOrderElementsOf(names(OptimizerSpec.class));
    }

    @Test
    void everyLayerRecordIsReadInSomeCaseOfTheVocabulary() {
        Set<Class<?>> read =
                VocabularyCase.all()
                        .flatMap(which ->
                                inAll(
                                        Specs.read(
                                                        which.specification().toString(),
                                                        TrainingRequest.Purpose.CHECK)
                                                .spec()
                                                .model()))
                        .map(Object::getClass)
                        .collect(Collectors.toSet());

        assertThat(records(LayerSpec.class))
                .hasSizeGreaterThan(40)
                .allSatisfy(kind -> assertThat(read).contains(kind));
    }

    private static Stream<LayerSpec> inAll(LayerSpec layer) {
        return layer instanceof LayerSpec.Container group
                ? Stream.concat(
                        Stream.of(layer), group.layers().stream().flatMap(LayerReaderTest::inAll))
                : Stream.of(layer);
    }

    private static List<Class<?>> records(Class<?> kind) {
        return kind.isRecord()
                ? List.of(kind)
                : Arrays.stream(kind.getPermittedSubclasses())
                        .flatMap(sub -> records(sub).stream())
                        .toList();
    }

    private static List<String> names(Class<?> sealed) {
        return Arrays.stream(sealed.getPermittedSubclasses()).map(Class::getSimpleName).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"type": "java.lang.Runtime"}  | /type: unknown layer "java.lang.Runtime"; known are %1$s
                    {"@class": "java.lang.Runtime"} | /type: required, but missing; write one of %1$s
                    {"type": "ReLU", "@class": "java.lang.Runtime"} | /@class: unknown field "@class"; ReLU has type
                    {"type": "Relu"}               | /type: unknown layer "Relu"; did you mean "ReLU"?
                    {"type": "Liner"}              | /type: unknown layer "Liner"; did you mean "Linear"?
                    {"type": "log_softmax"}        | /type: unknown layer "log_softmax"; did you mean "LogSoftmax"?
                    {"type": "Attend2d"}           | /type: unknown layer "Attend2d"; known are %1$s
                    {"type": null}                 | /type: expected a string, got null; leave the field out for its default
                    {"type": {}}                   | /type: expected a string, got an object
                    "ReLU"                         | : expected an object with a type, got a string ("ReLU")
                    null                           | : expected an object with a type, got null; leave the field out for its default
                    {"type": "Linear", "out_features": 0}  | /out_features: expected a whole number from 1 to 9,223,372,036,854,775,807, got 0
                    {"type": "Linear", "out_features": -1} | /out_features: expected a whole number from 1 to 9,223,372,036,854,775,807, got -1
                    {"type": "Linear", "out_features": 3.0} | /out_features: expected a whole number from 1 to 9,223,372,036,854,775,807, got 3.0; write it without fraction and exponent
                    {"type": "Linear", "out_features": 9223372036854775808} | /out_features: expected a whole number from 1 to 9,223,372,036,854,775,807, got 9223372036854775808
                    {"type": "Linear"}             | /out_features: required, but missing; write how many outputs the layer has
                    {"type": "Linear", "out_features": 3, "neurons": 3} | /neurons: unknown field "neurons"; Linear has type, in_features, out_features, bias, init
                    {"type": "Linear", "out_features": 3, "bias": 0} | /bias: expected true or false, got the number 0
                    {"type": "Linear", "out_features": 3, "in_features": null} | /in_features: expected a whole number from 1 to 9,223,372,036,854,775,807, got null; leave the field out for its default
                    {"type": "Dropout", "p": 1}    | /p: expected a number of at least 0 and below 1, got 1
                    {"type": "Dropout", "p": -0.5} | /p: expected a number of at least 0 and below 1, got -0.5
                    {"type": "Dropout", "p": "0.5"} | /p: expected a number of at least 0 and below 1, got a string ("0.5"); write it without quotes
                    {"type": "Softmax"}            | /dim: required, but missing; write 1 for the first dimension of a sample, or -1 for the last
                    {"type": "Softmax", "dim": 4294967297} | /dim: expected a whole number from -64 to 64, got 4294967297
                    {"type": "Sequential"}         | /layers: required, but missing; write the layers in order
                    {"type": "Sequential", "layers": {}} | /layers: expected an array of layers, got an object
                    {"type": "Sequential", "layers": []} | /layers: expected at least one layer, got an empty array; add one such as {"type": "Linear", "out_features": 1}
                    {"type": "Sequential", "layers": [{"type": "ReLU"}, {"type": "Rleu"}]} | /layers/1/type: unknown layer "Rleu"; did you mean "ReLU"?
                    """)
    void aBadLayerIsToldWithItsPlace(String layer, String message) {
        assertThat(errorsOfLayers("{\"type\": \"Tanh\"}, " + layer))
                .containsExactly("/model/layers/1" + message.formatted(KNOWN));
    }

    @Test
    void aModelWithoutLayersIsRefused() {
        assertThat(errorsOfLayers(""))
                .containsExactly(
                        "/model/layers: expected at least one layer, got an empty array; add one such"
                                + " as {\"type\": \"Linear\", \"out_features\": 1}");
    }

    @Test
    void tenThousandLayersMakeOneError() {
        String layers = "{\"type\": \"Relu\"},".repeat(10_000);

        assertThat(errorsOfLayers(layers.substring(0, layers.length() - 1)))
                .containsExactly(
                        "/model/layers: expected at most 1,000 layers in all, got 10,000; make the"
                                + " model smaller");
    }

    @Test
    void nestedLayersCountToo() {
        String inner = "{\"type\": \"ReLU\"},".repeat(500);
        String group =
                "{\"type\": \"Sequential\", \"layers\": ["
                        + inner.substring(0, inner.length() - 1)
                        + "]}";

        assertThat(errorsOfLayers(group + "," + group))
                .containsExactly(
                        "/model/layers: expected at most 1,000 layers in all, got 1,002; make the"
                                + " model smaller");
        assertThat(layers(group).spec().model().layers()).hasSize(1);
    }

    @Test
    void nestingEndsAtThirtyTwo() {
        assertThat(layers(nested(31)).spec().model().layers()).hasSize(1);
        assertThat(errorsOfLayers(nested(32)))
                .containsExactly(
                        "/model/layers"
                                + "/0/layers".repeat(32)
                                + ": expected layers nested at most 32 deep; put these layers"
                                + " where it stands");
    }

    private static String nested(int depth) {
        return "{\"type\": \"Sequential\", \"layers\": [".repeat(depth)
                + "{\"type\": \"ReLU\"}"
                + "]}".repeat(depth);
    }

    @Test
    void anUnreadableLayerDoesNotHideTheMisfitsOfTheOthers() {
        String layers =
                """
                {"type": "Linear", "in_features": 5, "out_features": 8},
                {"type": "Rleu"},
                {"type": "Linear", "in_features": 3, "out_features": 8},
                {"type": "Linear", "in_features": 9, "out_features": 1}
                """;

        assertThat(errorsOfLayers(layers))
                .containsExactly(
                        "/model/layers/1/type: unknown layer \"Rleu\"; did you mean \"ReLU\"?",
                        "/model/layers/0/in_features: expected 4, got 5; the model's input is [4];"
                                + " write 4 or leave in_features out",
                        "/model/layers/3/in_features: expected 8, got 9; layer 2 (Linear) outputs"
                                + " [*, 8]; write 8 or leave in_features out");
    }
}
