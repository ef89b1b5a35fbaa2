package dev.hearth.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Charts have round ticks, and lines where the values are. */
class CurveChartTest {

    private static final Path GOLDEN = Path.of("src/test/resources/run/curve.svg");

    private static final List<EpochRow> EPOCHS =
            List.of(
                    epoch(1, 1.0, 0.9, 0.5),
                    epoch(2, 0.5, 0.6, 0.75),
                    epoch(3, 0.25, 0.45, 0.9),
                    epoch(4, 0.125, 0.5, 0.85));

    private static EpochRow epoch(int number, double train, double validation, double accuracy) {
        return new EpochRow(
                number,
                Map.of(
                        "train_loss",
                        train,
                        "validation_loss",
                        validation,
                        "validation_accuracy",
                        accuracy),
                0.1);
    }

    private static String chart(List<EpochRow> epochs) {
        return CurveChart.draw(
                "iris, succeeded, epoch 4 of 4",
                List.of(Curve.of("loss", epochs), Curve.of("accuracy", epochs)),
                "");
    }

    /** {@code -Dhearth.golden.write=true} writes the picture anew; look at it then. */
    @Test
    void aChartIsThePictureThatWasLookedAt() throws IOException {
        String svg = chart(EPOCHS);
        if (Boolean.getBoolean("hearth.golden.write")) {
            Files.createDirectories(GOLDEN.getParent());
            Files.writeString(GOLDEN, svg);
        }
        assertThat(svg).isEqualTo(Files.readString(GOLDEN));
    }

    @Test
    void aLineGoesThroughItsValuesOnItsAxes() {
        // x: epochs 1 to 4 from 72 to 700; y: loss 0 to 1 from 296 up to 76.
        assertThat(chart(EPOCHS))
                .contains(
                        "<path class=\"line train\" d=\"M72 76h0L281.33 186L490.67 241L700"
                                + " 268.5\"/>")
                .contains("<circle class=\"dot validation\" cx=\"490.67\" cy=\"197\" r=\"4\">")
                .contains("<title>best: 0.4500 in epoch 3</title>")
                .contains("best validation 0.9000 in epoch 3.");
    }

    @Test
    void aLineIsInterruptedWhereAValueIsNoNumber() {
        var epochs =
                List.of(
                        epoch(1, 1.0, 0.9, 0.5),
                        epoch(2, Double.NaN, 0.6, 0.75),
                        epoch(3, 0.0, 0.45, 0.9));

        assertThat(chart(epochs)).contains("d=\"M72 76h0M700 296h0\"");
    }

    @Test
    void whatIsNamedByOthersIsTextAndThePictureIsWellFormed() throws Exception {
        String svg = CurveChart.draw("<script>&\"", List.of(), "");

        assertThat(svg).doesNotContain("<script>").contains("No epoch has ended yet.");
        var document =
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        assertThat(document.getDocumentElement().getElementsByTagName("title").item(0))
                .satisfies(title -> assertThat(title.getTextContent()).isEqualTo("<script>&\""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    0.03;0.97;6;0; 0 0.2 0.4 0.6 0.8 1
                    1;20;10;1; 0 2 4 6 8 10 12 14 16 18 20
                    1;1;10;1; 0 1 2
                    3e-7;9.5e-7;6;0; 2e-7 4e-7 6e-7 8e-7 1e-6
                    -120;340;6;0; -200 -100 0 100 200 300 400
                    1;1000000;10;1; 0 100000 200000 300000 400000 500000 600000 700000 800000 900000 1e+6
                    0.5;0.5;6;0; 0.47 0.48 0.49 0.5 0.51 0.52 0.53
                    """)
    void ticksAreRoundNumbersThatCoverTheValues(
            double min, double max, int most, double smallest, String ticks) {
        Axis axis = Axis.covering(min, max, most, smallest);

        assertThat(axis.ticks().stream().map(Axis::label).toList())
                .containsExactly(ticks.split(" "));
    }
}
