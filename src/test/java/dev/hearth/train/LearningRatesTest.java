package dev.hearth.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.spec.Limits;
import dev.hearth.spec.OptimizationSpec;
import dev.hearth.spec.ParameterGroups;
import dev.hearth.spec.SpecReader;
import dev.hearth.spec.TrainingRequest;
import dev.hearth.torchscript.StepRates;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Against the rates of PyTorch's own schedulers, which {@code src/test/oracle/schedules.py} made.
 */
class LearningRatesTest {

    private static final Path FILE = Path.of("src/test/resources/oracle/schedules.json");

    /**
     * @param expected as bits, so that equal means equal
     */
    record Setting(OptimizationSpec spec, List<Double> metrics, List<Long> expected) {

        LearningRates rates() {
            var groups = ParameterGroups.of(spec, List.of("0.weight", "0.bias"));
            return new LearningRates(
                    spec.scheduler(), groups.optimizers(), metrics.size(), metrics.size());
        }

        @Override
        public String toString() {
            return String.valueOf(spec.scheduler());
        }
    }

    static Stream<Setting> settings() throws IOException {
        return JsonMapper.shared()
                .readTree(Files.readString(FILE))
                .valueStream()
                .map(LearningRatesTest::setting);
    }

    private static Setting setting(JsonNode json) {
        var request =
                (ObjectNode)
                        JsonMapper.shared()
                                .readTree(
                                        """
                                        {"input_shape": [2], "loss": "MSELoss", "model": {"layers": [
                                         {"type": "Linear", "out_features": 1}]}}\
                                        """);
        request.set("scheduler", json.get("scheduler"));
        ObjectNode optimizer = request.putObject("optimizer");
        optimizer.set("type", json.get("optimizer"));
        optimizer.set("lr", json.get("lr").get(json.get("lr").size() - 1));
        if (json.get("lr").size() == 2) {
            optimizer
                    .putArray("groups")
                    .addObject()
                    .put("parameters", "0.weight")
                    .set("lr", json.get("lr").get(0));
        }
        OptimizationSpec spec =
                new SpecReader(Limits.DEFAULT)
                        .read(request, TrainingRequest.Purpose.CHECK)
                        .spec()
                        .optimization();
        var bytes = ByteBuffer.wrap(Base64.getDecoder().decode(json.get("rates").stringValue()));
        return new Setting(
                spec,
                json.get("metrics").valueStream().map(JsonNode::doubleValue).toList(),
                IntStream.range(0, bytes.remaining() / Double.BYTES)
                        .mapToObj(i -> bytes.getLong(i * Double.BYTES))
                        .toList());
    }

    private static DoubleStream steps(LearningRates rates, List<Double> metrics) {
        return metrics.stream()
                .flatMapToDouble(metric -> {
                    StepRates step = rates.next(1);
                    rates.epochEnded(Map.of("train_loss", metric));
                    return Arrays.stream(step.values());
                });
    }

    private static List<Long> bits(DoubleStream values) {
        return values.mapToObj(Double::doubleToLongBits).toList();
    }

    @ParameterizedTest
    @MethodSource("settings")
    void ratesArePyTorchsDoubles(Setting setting) {
        assertThat(bits(steps(setting.rates(), setting.metrics()))).isEqualTo(setting.expected());
    }

    @ParameterizedTest
    @MethodSource("settings")
    void aScheduleGoesOnFromItsState(Setting setting) {
        int half = setting.metrics().size() / 2;
        LearningRates before = setting.rates();
        List<Long> first = bits(steps(before, setting.metrics().subList(0, half)));
        LearningRates after = setting.rates();
        after.restore(before.state());
        List<Long> second =
                bits(steps(after, setting.metrics().subList(half, setting.metrics().size())));

        assertThat(Stream.of(first, second).flatMap(List::stream).toList())
                .isEqualTo(setting.expected());
    }

    @Test
    void aSliceHasTheRatesOfItsStepsOneAfterTheOther() throws IOException {
        Setting setting =
                settings()
                        .filter(s ->
                                s.spec().scheduler().orElseThrow().interval()
                                        == OptimizationSpec.Interval.STEP)
                        .findFirst()
                        .orElseThrow();
        LearningRates rates = setting.rates();

        StepRates slice = rates.next(setting.metrics().size());

        assertThat(slice.steps()).isEqualTo(setting.metrics().size());
        assertThat(bits(Arrays.stream(slice.values()))).isEqualTo(setting.expected());
    }

    @Test
    void withinAnEpochARateThatGoesByEpochsIsOne() throws IOException {
        Setting setting =
                settings()
                        .filter(s ->
                                s.spec().scheduler().orElseThrow().interval()
                                        == OptimizationSpec.Interval.EPOCH)
                        .findFirst()
                        .orElseThrow();

        StepRates slice = setting.rates().next(1000);

        assertThat(slice.steps()).isEqualTo(1);
    }
}
