package dev.hearth.torchscript;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.ParityReference;
import dev.hearth.spec.Encoding;
import dev.hearth.spec.Limits;
import dev.hearth.spec.ModelPlan;
import dev.hearth.spec.ModelPlanner;
import dev.hearth.spec.Shape;
import dev.hearth.spec.SpecReader;
import dev.hearth.spec.TrainingRequest;
import dev.hearth.spec.TrainingSpec;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

class InitialParametersTest {

    @ParameterizedTest
    @MethodSource("dev.hearth.ParityReference#all")
    void theSeedGivesPyTorchsParametersBitForBit(ParityReference parity) {
        var expected = parity.parameters("initial");
        long outFeatures = parity.request().at("/model/layers/0/out_features").longValue();
        long width = requireNonNull(expected.get("0.weight")).length / Float.BYTES / outFeatures;
        var request = (ObjectNode) parity.request().deepCopy();
        request.putArray("input_shape").add(width);
        TrainingSpec spec =
                new SpecReader(Limits.DEFAULT).read(request, TrainingRequest.Purpose.CHECK).spec();
        ModelPlan plan =
                new ModelPlanner(Limits.DEFAULT).plan(spec.model(), Shape.of(width), "/model");

        try (var program =
                TrainingProgram.load(
                        new TrainingProgram.Source(
                                plan,
                                new Encoding(List.of(new Encoding.Numeric("x"))),
                                spec.loss(),
                                spec.optimization(),
                                new TrainingProgram.Batches(32, true, false)),
                        "cpu")) {
            program.initialize(spec.schedule().seed());
            var actual = program.state().tensors();

            assertThat(actual.keySet()).containsExactlyElementsOf(expected.keySet());
            expected.forEach((name, bytes) -> {
                var drawn = new byte[bytes.length];
                requireNonNull(actual.get(name)).bytes().duplicate().get(drawn);
                assertThat(drawn).as(name).isEqualTo(bytes);
            });
        }
    }
}
