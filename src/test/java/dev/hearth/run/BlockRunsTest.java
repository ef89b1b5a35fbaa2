package dev.hearth.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.Client;
import dev.hearth.HearthTest;
import dev.hearth.Service;
import dev.hearth.dataset.Block;
import dev.hearth.dataset.BlockSets;
import dev.hearth.dataset.Column;
import dev.hearth.dataset.ColumnType;
import dev.hearth.tensorfile.ElementType;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Runs on images and tensors, from the data set to predictions. */
@HearthTest
class BlockRunsTest {

    private static final int ROWS = 120;
    private static final int SIDE = 6;

    @Autowired Client client;
    @Autowired ApplicationContext context;
    @TempDir Path folder;

    private Service service;

    @BeforeEach
    void speakToTheService() {
        service = new Service(client);
    }

    @Test
    void aConvolutionalNetworkLearnsFromImagesAndPredictsThem() throws IOException {
        JsonNode run = service.train(request(CNN), images());

        JsonNode metrics = run.get("metrics");
        assertThat(metrics.get("validation_accuracy").doubleValue()).isEqualTo(1);
        String url = run.get("model").get("url").stringValue();
        JsonNode version = client.get(url).json();
        assertThat(version.get("features")).isEmpty();
        assertThat(version.get("block").get("kind").stringValue()).isEqualTo("IMAGE");
        assertThat(version.get("block").get("shape").toString()).isEqualTo("[1,6,6]");
        Client.Answer answer =
                client.post(url + ":predict", rows(picture(0), picture(1)).toString());
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.json().get("predictions").valueStream())
                .extracting(each -> each.get("label").stringValue())
                .containsExactly("left", "right");
        assertThat(answer.json().at("/predictions/1/probabilities/right").doubleValue())
                .isGreaterThan(0.9);
        assertThat(client.get(url + "/files/model.py").text())
                .contains(
                        "Image.open(path).convert(\"L\")",
                        "transforms.ConvertImageDtype(torch.float32)");
    }

    @Test
    void aTensorOfDoublesIsTheInputOfALinearModel() throws IOException {
        String dataset = tensors();
        JsonNode run =
                service.train(
                        request(
                                """
                                {"layers": [{"type": "Flatten"}, {"type": "Linear", "out_features": 2}]}
                                """),
                        dataset);

        String url = run.get("model").get("url").stringValue();
        Client.Answer answer =
                client.post(url + ":predict", "{\"rows\": [[[1, 0], [1, 0]], [[0, 1], [0, 1.5]]]}");
        assertThat(answer.json().get("predictions").valueStream())
                .extracting(each -> each.get("label").stringValue())
                .containsExactly("left", "right");
        assertThat(client.post(url + ":predict", "{\"rows\": [[[1, 0], [1]]]}"))
                .satisfies(refused -> assertThat(refused.status()).isEqualTo(422))
                .satisfies(refused ->
                        assertThat(refused.json().at("/errors/0/pointer").stringValue())
                                .isEqualTo("/rows/0/1"));
        assertThat(client.post(url + ":predict", "text/csv", new byte[] {'a'}).status())
                .isEqualTo(415);
    }

    @Test
    void aCheckShowsTheShapesAndWhatIsLeftOut() throws IOException {
        var request = (ObjectNode) request(CNN);
        request.put("dataset", images());

        JsonNode answer = client.post("/v1/specs:check", request.toString()).json();

        assertThat(answer.get("input_shape").toString()).isEqualTo("[1,6,6]");
        assertThat(answer.at("/layers/0/output_shape").toString()).isEqualTo("[4,4,4]");
        assertThat(answer.at("/dataset/features").toString()).isEqualTo("[\"image\"]");
        assertThat(answer.at("/warnings/0/message").stringValue()).contains("'note' is left out");
    }

    @Test
    void imagesAndColumnsAreNotMixed() throws IOException {
        var request = (ObjectNode) request(CNN);
        request.put("dataset", images()).putArray("features").add("note").add("image");

        Client.Answer answer = client.post("/v1/runs", request.toString());

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().at("/errors/0/pointer").stringValue()).isEqualTo("/features/1");
    }

    @Test
    void imagesOfDifferentSizesNeedOne() throws IOException {
        var request = (ObjectNode) request(CNN);
        request.put("dataset", imagesOfDifferentSizes());

        Client.Answer answer = client.post("/v1/runs", request.toString());

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text()).contains("differ in size");
    }

    @Test
    void imagesOfDifferentSizesAreMadeOneAndVaried() throws IOException {
        var request = (ObjectNode) request(CNN);
        request.set(
                "transforms",
                JsonMapper.shared()
                        .readTree(
                                """
                                [{"type": "Resize", "size": [8, 8]}, {"type": "RandomCrop", "size": 6},
                                 "RandomVerticalFlip", {"type": "Normalize", "mean": 0.5, "std": 0.25}]
                                """));
        // Normalize needs numbers, which nothing makes of bytes before it.
        request.put("dataset", imagesOfDifferentSizes());
        Client.Answer refused = client.post("/v1/runs", request.toString());
        assertThat(refused.json().at("/errors/0/pointer").stringValue()).isEqualTo("/transforms/3");
        ((ArrayNode) request.get("transforms")).insert(3, "ToTensor");

        JsonNode run = service.train(request, imagesOfDifferentSizes());

        assertThat(run.get("metrics").get("validation_accuracy").doubleValue()).isEqualTo(1);
        String url = run.get("model").get("url").stringValue();
        assertThat(client.get(url).json().at("/block/transforms").valueStream())
                .extracting(transform -> transform.get("type").stringValue())
                .containsExactly("Resize", "CenterCrop", "ToTensor", "Normalize");
        Client.Answer answer =
                client.post(url + ":predict", rows(picture(0), picture(1)).toString());
        assertThat(answer.json().get("predictions").valueStream())
                .extracting(each -> each.get("label").stringValue())
                .containsExactly("left", "right");
    }

    @Test
    void filesOfImagesArePredictedAsTheirPixelsAre() throws IOException {
        JsonNode run = service.train(request(CNN), images());
        String predict = run.get("model").get("url").stringValue() + ":predict";
        JsonNode pixels = client.post(predict, rows(picture(1)).toString()).json();

        Client.Answer file = client.post(predict, "image/png", png(picture(1)));

        assertThat(file.status()).as(file.toString()).isEqualTo(200);
        assertThat(file.json().get("predictions")).isEqualTo(pixels.get("predictions"));
        assertThat(client.post(predict, "image/png", png(new int[SIDE + 1][SIDE])))
                .satisfies(large -> assertThat(large.status()).isEqualTo(422))
                .satisfies(large -> assertThat(large.text()).contains("7×6 pixels"));
        assertThat(client.post(predict, "image/png", new byte[] {'<'}).status()).isEqualTo(422);
        assertThat(client.postForm(predict, Map.of("file;image/png", "<html>")).status())
                .isEqualTo(422);
    }

    private static byte[] png(int[][] picture) throws IOException {
        var image =
                new BufferedImage(picture[0].length, picture.length, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < picture.length; y++) {
            for (int x = 0; x < picture[y].length; x++) {
                image.getRaster().setSample(x, y, 0, picture[y][x]);
            }
        }
        var out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }

    @Test
    void transformsAreForImages() throws IOException {
        var request = (ObjectNode) request(CNN);
        request.put("dataset", tensors()).putArray("transforms").add("ToTensor");

        Client.Answer answer = client.post("/v1/runs", request.toString());

        assertThat(answer.json().at("/errors/0/pointer").stringValue()).isEqualTo("/transforms");
    }

    private static final String CNN =
            """
            {"layers": [{"type": "Conv2d", "out_channels": 4, "kernel_size": 3}, {"type": "ReLU"},
                        {"type": "Flatten"}, {"type": "Linear", "out_features": 2}]}
            """;

    private static JsonNode request(String model) {
        return JsonMapper.shared()
                .readTree(
                        """
                        {"name": "blocks", "target": "side", "model": %s, "loss": "CrossEntropyLoss",
                         "optimizer": {"type": "Adam", "lr": 0.01}, "epochs": 20, "batch_size": 16}
                        """
                                .formatted(model));
    }

    /** Bright at one side: the left one of even rows. */
    private static int[][] picture(int row) {
        var picture = new int[SIDE][SIDE];
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                boolean isBright = (x < SIDE / 2) == (row % 2 == 0);
                picture[y][x] = (isBright ? 200 : 20) + (row * 7 + y * 5 + x * 3) % 50;
            }
        }
        return picture;
    }

    private static JsonNode rows(int[][]... pictures) {
        var body = JsonMapper.shared().createObjectNode();
        var rows = body.putArray("rows");
        for (int[][] picture : pictures) {
            rows.addArray().add(JsonMapper.shared().valueToTree(picture));
        }
        return body;
    }

    private static String labels() {
        var csv = new StringBuilder("side,note\n");
        for (int row = 0; row < ROWS; row++) {
            csv.append(row % 2 == 0 ? "left," : "right,").append(row).append('\n');
        }
        return csv.toString();
    }

    private String images() throws IOException {
        var bytes = ByteBuffer.allocate(ROWS * SIDE * SIDE);
        for (int row = 0; row < ROWS; row++) {
            for (int[] line : picture(row)) {
                for (int value : line) {
                    bytes.put((byte) value);
                }
            }
        }
        return create(
                ColumnType.IMAGE,
                new Block(ElementType.UINT8, List.of(1L, (long) SIDE, (long) SIDE)),
                new BlockSets.Values(
                        "values",
                        ElementType.UINT8,
                        List.of((long) ROWS, 1L, (long) SIDE, (long) SIDE),
                        bytes.flip()));
    }

    /** Those of {@link #picture}, with more rows and columns at the bottom and at the right. */
    private String imagesOfDifferentSizes() throws IOException {
        var offsets = ByteBuffer.allocate((ROWS + 1) * 8).order(ByteOrder.LITTLE_ENDIAN);
        var sizes = ByteBuffer.allocate(ROWS * 16).order(ByteOrder.LITTLE_ENDIAN);
        var values = new ByteArrayOutputStream();
        for (int row = 0; row < ROWS; row++) {
            offsets.putLong(values.size());
            int height = SIDE + row % 3;
            sizes.putLong(height).putLong(SIDE);
            for (int y = 0; y < height; y++) {
                for (int value : picture(row)[y % SIDE]) {
                    values.write(value);
                }
            }
        }
        offsets.putLong(values.size());
        return create(
                ColumnType.IMAGE,
                new Block(ElementType.UINT8, List.of(1L, Block.VARIES, Block.VARIES)),
                new BlockSets.Values(
                        "offsets", ElementType.INT64, List.of(ROWS + 1L), offsets.flip()),
                new BlockSets.Values(
                        "sizes", ElementType.INT64, List.of((long) ROWS, 2L), sizes.flip()),
                new BlockSets.Values(
                        "values",
                        ElementType.UINT8,
                        List.of((long) values.size()),
                        ByteBuffer.wrap(values.toByteArray())));
    }

    /** Doubles [2, 2], great in the first or in the second place of each list. */
    private String tensors() throws IOException {
        var bytes = ByteBuffer.allocate(ROWS * 4 * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < ROWS; row++) {
            for (int i = 0; i < 4; i++) {
                bytes.putDouble((i % 2 == row % 2 ? 1 : 0) + row % 7 * 0.01);
            }
        }
        return create(
                ColumnType.TENSOR,
                new Block(ElementType.FLOAT64, List.of(2L, 2L)),
                new BlockSets.Values(
                        "values", ElementType.FLOAT64, List.of((long) ROWS, 2L, 2L), bytes.flip()));
    }

    private String create(ColumnType type, Block block, BlockSets.Values... values)
            throws IOException {
        return BlockSets.in(context, folder)
                .create(
                        labels(),
                        new Column("image", type, List.of(), 0, Optional.of(block)),
                        List.of(values));
    }
}
