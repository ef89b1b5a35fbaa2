package dev.hearth.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hearth.Client;
import dev.hearth.HearthTest;
import dev.hearth.Service;
import dev.hearth.dataset.Block;
import dev.hearth.dataset.BlockSets;
import dev.hearth.dataset.Column;
import dev.hearth.dataset.ColumnType;
import dev.hearth.tensorfile.ElementType;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntUnaryOperator;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Predictions with what they come from, asked for over HTTP. */
@HearthTest
class ExplainedPredictionTest {

    private static final int SIDE = 8;
    private static final String ROWS = "{\"rows\": [[5.1, 3.5, 1.4, 0.2], [6.3, 2.9, 5.6, 1.8]]}";

    @Autowired Client client;
    @Autowired ApplicationContext context;
    @TempDir Path folder;

    @Test
    void theAttributionsOfARowAddUpToWhatSetsItsOutputApart() {
        String predict = iris() + ":predict";

        Client.Answer answer = client.post(predict + "?explain=integrated_gradients", ROWS);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        JsonNode plain = client.post(predict, ROWS).json().get("predictions");
        JsonNode json = answer.json();
        assertThat(json.get("explain").stringValue()).isEqualTo("integrated_gradients");
        assertThat(json.get("steps").intValue()).isEqualTo(50);
        for (int row = 0; row < 2; row++) {
            JsonNode each = json.get("explanations").get(row);
            assertThat(each.get("prediction")).isEqualTo(plain.get(row));
            assertThat(each.get("explained_class")).isEqualTo(plain.get(row).get("label"));
            assertThat(each.get("attributions").propertyNames())
                    .containsExactly("sepal_length", "sepal_width", "petal_length", "petal_width");
            double sum =
                    each.get("attributions").valueStream().mapToDouble(JsonNode::asDouble).sum();
            assertThat(sum)
                    .isCloseTo(
                            each.get("output").doubleValue()
                                    - each.get("baseline_output").doubleValue(),
                            within(1e-4));
        }
    }

    @Test
    void aLinearModelsGradientsAreTheSameForEveryRowAndOfTheClassThatIsAskedFor() {
        String predict = iris() + ":predict?explain=gradients&explain_class=";

        JsonNode setosa = client.post(predict + "setosa", ROWS).json().get("explanations");
        JsonNode virginica = client.post(predict + "virginica", ROWS).json().get("explanations");

        assertThat(setosa.get(0).get("attributions")).isEqualTo(setosa.get(1).get("attributions"));
        assertThat(setosa.get(0).at("/attributions/petal_length").doubleValue()).isNegative();
        assertThat(virginica.get(0).at("/attributions/petal_length").doubleValue()).isPositive();
        assertThat(virginica.get(0).get("explained_class").stringValue()).isEqualTo("virginica");
        assertThat(virginica.get(0).has("delta")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "explain=magic, 400, explain",
        "explain=gradients&steps=5, 400, steps",
        "explain=integrated_gradients&steps=0, 400, steps",
        "explain=integrated_gradients&steps=x, 400, steps",
        "explain=occlusion&window=2, 400, window",
        "explain=gradients&explain_class=rose, 422, explain_class",
        "explain=gradients&explain_output=petal_width, 422, explain_output",
        "explain=gradients&timeout_ms=0, 400, timeout_ms",
        "top_k=0, 400, top_k",
        "top_k=many, 400, top_k"
    })
    void whatCannotBeAskedForIsNamed(String query, int status, String parameter) {
        Client.Answer answer = client.post(iris() + ":predict?" + query, ROWS);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.text()).contains(parameter);
    }

    @Test
    void comparedWithARowOfOnesOwnTheAttributionsAddUpToTheDifferenceFromIt() {
        String predict = iris() + ":predict?explain=";
        String compared =
                """
                {"rows": [[6.3, 2.9, 5.6, 1.8], [5.1, 3.5, 1.4, 0.2]], "baseline": {
                 "sepal_length": 5.1, "sepal_width": 3.5, "petal_length": 1.4, "petal_width": 0.2}}
                """;

        JsonNode rows =
                client.post(predict + "integrated_gradients&explain_class=virginica", compared)
                        .json()
                        .get("explanations");
        JsonNode hidden = client.post(predict + "occlusion", compared).json().get("explanations");

        double baseline = rows.get(0).get("baseline_output").doubleValue();
        assertThat(baseline).isEqualTo(rows.get(1).get("output").doubleValue());
        assertThat(
                        rows.get(0)
                                .get("attributions")
                                .valueStream()
                                .mapToDouble(JsonNode::asDouble)
                                .sum())
                .isCloseTo(rows.get(0).get("output").doubleValue() - baseline, within(1e-4));
        for (JsonNode same : List.of(rows.get(1), hidden.get(1))) {
            assertThat(same.get("attributions").valueStream())
                    .allSatisfy(each -> assertThat(each.doubleValue()).isZero());
        }
        assertThat(hidden.get(0).at("/attributions/petal_length").doubleValue()).isNotZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ?explain=gradients            | , "baseline": [1, 2, 3, 4] | 400 | leave it out for gradients
                    ?explain=occlusion&baseline=9 | , "baseline": [1, 2, 3, 4] | 400 | leave one of them out
                    ?explain=occlusion&baseline=9 | ''                         | 400 | is a grey of images
                    ?explain=occlusion&baseline=x | ''                         | 400 | expected a whole number
                    ?explain=occlusion            | , "baseline": [1, 2, 3]    | 422 | expected 4 values
                    ?explain=occlusion            | , "baseline": null         | 422 | expected an object
                    ?explain=occlusion            | , "base": [1, 2, 3, 4]     | 422 | expected rows and baseline
                    ''                            | , "baseline": [1, 2, 3, 4] | 422 | unknown field; expected rows
                    """)
    void aBaselineThatMakesNoSenseIsRefused(String query, String field, int status, String words) {
        Client.Answer answer =
                client.post(
                        iris() + ":predict" + query,
                        "{\"rows\": [[5.1, 3.5, 1.4, 0.2]]" + field + "}");

        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.text()).contains(words, status == 422 ? "/base" : "baseline");
    }

    @Test
    void comparedWithItsOwnGreyAnEvenImageHasNothingToExplain() throws IOException {
        String predict = images() + ":predict?explain=integrated_gradients&baseline=";
        byte[] grey = png(_ -> 77);

        JsonNode itself = json(predict + 77, grey);
        JsonNode white = json(predict + 255, grey);
        Client.Answer beyond = client.post(predict + 256, "image/png", grey);
        JsonNode rows =
                client.post(
                                predict.replace("&baseline=", ""),
                                "{\"rows\": [%1$s], \"baseline\": %1$s}"
                                        .formatted(List.of(nested(77))),
                                "Accept",
                                "application/json")
                        .json();

        assertThat(itself.at("/explanations/0/baseline_output"))
                .isEqualTo(itself.at("/explanations/0/output"));
        assertThat(halves(itself.at("/explanations/0/attributions"), 0)).isZero();
        assertThat(halves(white.at("/explanations/0/attributions"), 0)).isNotZero();
        assertThat(rows.at("/explanations/0/attributions"))
                .isEqualTo(itself.at("/explanations/0/attributions"));
        assertThat(beyond.status()).isEqualTo(400);
        assertThat(beyond.text()).contains("255, white, got 256");
    }

    private JsonNode json(String path, byte[] image) {
        return client.post(path, "image/png", image, "Accept", "application/json").json();
    }

    private static List<List<Integer>> nested(int value) {
        return Collections.nCopies(SIDE, Collections.nCopies(SIDE, value));
    }

    @Test
    void moreRowsThanAreExplainedAtOnceAreRefused() {
        String rows = "{\"rows\": [" + "[1, 2, 3, 4],".repeat(100) + "[1, 2, 3, 4]]}";

        Client.Answer answer = client.post(iris() + ":predict?explain=gradients", rows);

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.text()).contains("100 rows");
    }

    @Test
    void aTableHasNoPictureButIsAnsweredAsCsvToo() {
        String predict = iris() + ":predict?explain=occlusion";

        Client.Answer picture = client.post(predict, ROWS, "Accept", "image/png");
        Client.Answer csv = client.post(predict, ROWS, "Accept", "text/csv");

        assertThat(picture.status()).isEqualTo(406);
        assertThat(picture.text()).contains("application/json or text/csv");
        assertThat(csv.header("Content-Type")).startsWith("text/csv");
        assertThat(csv.text().lines())
                .hasSize(3)
                .first()
                .isEqualTo(
                        "class,output,attribution sepal_length,attribution sepal_width,attribution"
                                + " petal_length,attribution petal_width");
        assertThat(csv.text().lines().skip(1)).first().asString().startsWith("setosa,");
    }

    @Test
    void theMostProbableClassesComeFirst() {
        String predict = iris() + ":predict?top_k=2";

        JsonNode probabilities =
                client.post(predict, ROWS).json().at("/predictions/1/probabilities");
        String csv = client.post(predict, ROWS, "Accept", "text/csv").text();

        assertThat(probabilities.propertyNames()).containsExactly("virginica", "versicolor");
        assertThat(csv.lines())
                .hasSize(3)
                .first()
                .isEqualTo("label 1,probability 1,label 2,probability 2");
        assertThat(csv.lines().skip(2)).first().asString().startsWith("virginica,0.");
    }

    @Test
    void wholeNumbersThatStandForRowsOfATableAreExplainedByHidingThem() {
        var service = new Service(client);
        String name = "explained-" + UUID.randomUUID();
        service.train(
                read(
                        """
                        {"name": "%s", "target": "kind", "loss": "CrossEntropyLoss", "epochs": 1,
                         "optimizer": "SGD", "preprocessing": {"standardize": false},
                         "model": {"layers": [
                            {"type": "Embedding", "num_embeddings": 4, "embedding_dim": 2},
                            {"type": "Flatten"}, {"type": "Linear", "out_features": 2}]}}
                        """
                                .formatted(name)),
                service.upload("token,kind\n" + "0,a\n1,b\n2,a\n3,b\n".repeat(5)));
        String predict = "/v1/models/" + name + ":predict?explain=";

        Client.Answer refused = client.post(predict + "gradients", "{\"rows\": [[3], [0]]}");
        Client.Answer hidden = client.post(predict + "occlusion", "{\"rows\": [[3], [0]]}");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text()).contains("Embedding", "explain=occlusion");
        assertThat(hidden.status()).as(hidden.toString()).isEqualTo(200);
        // The baseline is token 0, so hiding it changes nothing.
        assertThat(hidden.json().at("/explanations/1/attributions/token").doubleValue()).isZero();
        assertThat(hidden.json().at("/explanations/0/attributions/token").doubleValue())
                .isNotZero();
    }

    @Test
    void ofSeveralOutputsOneIsNamed() {
        var service = new Service(client);
        String name = "explained-" + UUID.randomUUID();
        service.train(
                read(
                        """
                        {"name": "%s", "target": ["y", "z"], "loss": "MSELoss", "epochs": 1,
                         "optimizer": "SGD",
                         "model": {"layers": [{"type": "Linear", "out_features": 2}]}}
                        """
                                .formatted(name)),
                service.upload("x,y,z\n" + "1,2,3\n2,3,5\n3,5,8\n4,8,1\n".repeat(5)));
        String predict = "/v1/models/" + name + ":predict?explain=gradients";

        Client.Answer refused = client.post(predict, "{\"rows\": [[3]]}");
        Client.Answer answer = client.post(predict + "&explain_output=z", "{\"rows\": [[3]]}");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text()).contains("explain_output", "'y', 'z'");
        assertThat(answer.json().at("/explanations/0/explained_output").stringValue())
                .isEqualTo("z");
        assertThat(answer.json().at("/explanations/0/output").doubleValue())
                .isEqualTo(answer.json().at("/explanations/0/prediction/values/z").doubleValue());
    }

    @Test
    void anImageIsExplainedByAPictureThatShowsWhatMattered() throws IOException {
        String predict = images() + ":predict?explain=";
        byte[] left = png(0);

        Client.Answer answer = client.post(predict + "occlusion", "image/png", left);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("image/png");
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(answer.body()));
        assertThat(picture.getHeight()).isEqualTo(280);
        assertThat(picture.getWidth()).isEqualTo(2 * 280 + 4);
        assertThat(picture.getRGB(10, 100) & 0xFF).as("bright in the image").isGreaterThan(180);
        assertThat(picture.getRGB(270, 100) & 0xFF).as("dark in the image").isLessThan(60);

        JsonNode json =
                client.post(predict + "occlusion", "image/png", left, "Accept", "application/json")
                        .json();
        assertThat(json.get("window").intValue()).isEqualTo(1);
        assertThat(json.get("stride").intValue()).isEqualTo(1);
        JsonNode attributions = json.at("/explanations/0/attributions");
        assertThat(attributions.size()).isEqualTo(1);
        assertThat(attributions.get(0).size()).isEqualTo(SIDE);
        assertThat(attributions.get(0).get(0).size()).isEqualTo(SIDE);
        assertThat(halves(attributions, 0)).isGreaterThan(halves(attributions, 1));
    }

    @Test
    void severalImagesAreOnePictureAboveAnother() throws IOException {
        Client.Answer answer =
                client.postFiles(
                        images() + ":predict?explain=integrated_gradients&steps=8",
                        Map.of("a.png", png(0), "b.png", png(1)));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(ImageIO.read(new ByteArrayInputStream(answer.body())).getHeight())
                .isEqualTo(2 * 280 + 4);
    }

    @Test
    void aStrideThatWouldLeavePixelsOutIsRefused() throws IOException {
        Client.Answer answer =
                client.post(images() + ":predict?explain=occlusion&stride=9", "image/png", png(0));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("stride");
    }

    /** What is in the left or right half. */
    private static double halves(JsonNode attributions, int half) {
        double sum = 0;
        for (JsonNode line : attributions.get(0)) {
            for (int x = half * SIDE / 2; x < (half + 1) * SIDE / 2; x++) {
                sum += line.get(x).doubleValue();
            }
        }
        return sum;
    }

    private String iris() {
        var service = new Service(client);
        String name = "explained-" + UUID.randomUUID();
        JsonNode run =
                service.train(
                        read(
                                """
                                {"name": "%s", "target": "species", "seed": 7, "epochs": 30,
                                 "model": {"layers": [{"type": "Linear", "out_features": 3}]},
                                 "loss": "CrossEntropyLoss",
                                 "optimizer": {"type": "Adam", "lr": 0.05}}
                                """
                                        .formatted(name)),
                        service.uploadSample("iris"));
        return run.at("/model/url").stringValue();
    }

    private String images() throws IOException {
        int rows = 60;
        var bytes = ByteBuffer.allocate(rows * SIDE * SIDE);
        var labels = new StringBuilder("side\n");
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < SIDE * SIDE; i++) {
                bytes.put((byte) pixel(row, i));
            }
            labels.append(row % 2 == 0 ? "left\n" : "right\n");
        }
        String dataset =
                BlockSets.in(context, folder)
                        .create(
                                labels.toString(),
                                new Column(
                                        "image",
                                        ColumnType.IMAGE,
                                        List.of(),
                                        0,
                                        Optional.of(
                                                new Block(
                                                        ElementType.UINT8,
                                                        List.of(1L, (long) SIDE, (long) SIDE)))),
                                List.of(
                                        new BlockSets.Values(
                                                "values",
                                                ElementType.UINT8,
                                                List.of((long) rows, 1L, (long) SIDE, (long) SIDE),
                                                bytes.flip())));
        JsonNode run =
                new Service(client)
                        .train(
                                read(
                                        """
                                        {"name": "explained-images", "target": "side", "seed": 1,
                                         "model": {"layers": [{"type": "Flatten"},
                                            {"type": "Linear", "out_features": 2}]},
                                         "loss": "CrossEntropyLoss", "epochs": 20,
                                         "optimizer": {"type": "Adam", "lr": 0.01}}
                                        """),
                                dataset);
        return run.at("/model/url").stringValue();
    }

    /** Bright at one side: the left one of even rows. */
    private static int pixel(int row, int place) {
        boolean isLeft = place % SIDE < SIDE / 2;
        return (isLeft == (row % 2 == 0) ? 190 : 10) + (row * 7 + place * 5) % 40;
    }

    private static byte[] png(int row) throws IOException {
        return png(place -> pixel(row, place));
    }

    private static byte[] png(IntUnaryOperator pixel) throws IOException {
        var image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < SIDE * SIDE; i++) {
            image.getRaster().setSample(i % SIDE, i / SIDE, 0, pixel.applyAsInt(i));
        }
        var out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }

    private static JsonNode read(String json) {
        return JsonMapper.shared().readTree(json);
    }
}
