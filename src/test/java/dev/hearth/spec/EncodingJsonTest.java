package dev.hearth.spec;

import static dev.hearth.spec.Specs.JSON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;

class EncodingJsonTest {

    @Test
    void everyFeatureIsWrittenWithItsTypeAndReadBack() {
        var encoding =
                new Encoding(
                        List.of(
                                new Encoding.Standardized("width", 0.1 + 0.2, 1.0 / 3),
                                new Encoding.Numeric("height"),
                                new Encoding.Flag("old"),
                                new Encoding.Scaled(
                                        "age",
                                        List.of(
                                                new LearnedStep.Log1p(),
                                                new LearnedStep.Clip(0, 10),
                                                new LearnedStep.MinMax(0.1, -1),
                                                new LearnedStep.Robust(2, 3),
                                                new LearnedStep.Standard(4, 5))),
                                new Encoding.OneHot("colour", List.of("blue", "réd\"\n")),
                                new Encoding.Ordinal("size", List.of("L", "S"))));

        String json = JSON.writeValueAsString(encoding);

        assertThat(json)
                .isEqualTo(
                        """
                        {"features":[\
                        {"type":"standardized","column":"width","mean":0.30000000000000004,"std":0.3333333333333333},\
                        {"type":"numeric","column":"height"},\
                        {"type":"flag","column":"old"},\
                        {"type":"scaled","column":"age","steps":[{"type":"Log1p"},{"type":"Clip","min":0.0,"max":10.0},\
                        {"type":"MinMaxScaler","scale":0.1,"min":-1.0},{"type":"RobustScaler","center":2.0,"scale":3.0},\
                        {"type":"StandardScaler","mean":4.0,"scale":5.0}]},\
                        {"type":"one_hot","column":"colour","categories":["blue","réd\\"\\n"]},\
                        {"type":"ordinal","column":"size","categories":["L","S"]}]}\
                        """);
        assertThat(JSON.readValue(json, Encoding.class)).isEqualTo(encoding);
    }

    @Test
    void whatStandsForMissingValuesIsWrittenBesideTheFeaturesAndMayBeAbsent() {
        List<Encoding.Feature> features =
                List.of(
                        new Encoding.Numeric("age"),
                        new Encoding.Flag("old"),
                        new Encoding.Ordinal("size", List.of("S", "L")));
        var encoding = new Encoding(features, Map.of("size", 1.0, "age", 4.5));

        String json = JSON.writeValueAsString(encoding);

        assertThat(json).endsWith("\"fills\":{\"age\":4.5,\"size\":1.0}}");
        assertThat(JSON.readValue(json, InputForm.class)).isEqualTo(encoding);
        assertThat(encoding.fillCells()).isEqualTo(Map.of("age", 4.5, "size", "L"));
        assertThat(JSON.readValue(JSON.writeValueAsString(new Encoding(features)), InputForm.class))
                .isEqualTo(new Encoding(features, Map.of()));
    }

    @Test
    void whatCannotBeAValueOfItsColumnDoesNotStandForOne() {
        List<Encoding.Feature> features =
                List.of(new Encoding.Flag("old"), new Encoding.Ordinal("size", List.of("S", "L")));

        for (Map<String, Double> fills :
                List.of(
                        Map.of("old", 2.0),
                        Map.of("size", 2.0),
                        Map.of("size", 0.5),
                        Map.of("size", -1.0),
                        Map.of("colour", 0.0))) {
            assertThatIllegalArgumentException().isThrownBy(() -> new Encoding(features, fills));
        }
    }

    @Test
    void doublesComeBackToTheLastBit() {
        var random = new SplittableRandom(7);
        var features =
                IntStream.range(0, 2000)
                        .<Encoding.Feature>mapToObj(i ->
                                new Encoding.Standardized(
                                        "c" + i, anyFinite(random), Math.abs(positive(random))))
                        .toList();
        var encoding =
                new Encoding(
                        IntStream.range(0, features.size() + 1)
                                .mapToObj(i ->
                                        i == 0
                                                ? new Encoding.Standardized(
                                                        "edge", -Double.MIN_VALUE, Double.MAX_VALUE)
                                                : features.get(i - 1))
                                .toList());

        assertThat(JSON.readValue(JSON.writeValueAsString(encoding), Encoding.class))
                .isEqualTo(encoding);
    }

    private static double anyFinite(SplittableRandom random) {
        double value = Double.longBitsToDouble(random.nextLong());
        return Double.isFinite(value) ? value : anyFinite(random);
    }

    private static double positive(SplittableRandom random) {
        double value = anyFinite(random);
        return value != 0 ? value : positive(random);
    }

    @Test
    void anUnknownFeatureIsNotRead() {
        String json = "{\"features\": [{\"type\": \"java.lang.Runtime\", \"column\": \"a\"}]}";

        assertThatThrownBy(() -> JSON.readValue(json, Encoding.class))
                .isInstanceOf(JacksonException.class)
                .hasMessageContaining("java.lang.Runtime");
    }

    @Test
    void aScaleThatCannotBeDividedByIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Encoding.Standardized("a", 0, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Encoding.Standardized("a", Double.NaN, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Encoding.Standardized("a", 0, Double.POSITIVE_INFINITY));
    }
}
