package dev.hearth.inference;

import dev.hearth.Client;
import dev.hearth.Service;
import dev.hearth.dataset.Block;
import dev.hearth.dataset.BlockSets;
import dev.hearth.dataset.Column;
import dev.hearth.dataset.ColumnType;
import dev.hearth.tensorfile.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.context.ApplicationContext;
import tools.jackson.databind.json.JsonMapper;

/** Models of each form that the protocol knows, trained once for all tests of it. */
record TrainedModels(Client client, ApplicationContext context, Path folder) {

    static final String IRIS = "v2-iris";
    static final String DIABETES = "v2-diabetes";
    static final String ACCOUNTS = "v2-accounts";
    static final String IMAGES = "v2-images";
    static final String TENSORS = "v2-tensors";
    static final String CANCER = "v2-cancer";

    private static final int ROWS = 120;

    /** Trains those that are not there yet. */
    void train() throws IOException {
        if (client.get("/v1/models/" + TENSORS).status() == 200) {
            return;
        }
        var service = new Service(client);
        train(
                service.uploadSample("iris"),
                IRIS,
                "species",
                "CrossEntropyLoss",
                "{\"type\": \"Linear\", \"out_features\": 3}");
        train(
                service.uploadSample("diabetes"),
                DIABETES,
                "progression",
                "MSELoss",
                "{\"type\": \"Linear\", \"out_features\": 1}");
        train(
                service.uploadSample("breast_cancer"),
                CANCER,
                "diagnosis",
                "BCEWithLogitsLoss",
                "{\"type\": \"Linear\", \"out_features\": 1}");
        train(
                accounts(),
                ACCOUNTS,
                "verdict",
                "CrossEntropyLoss",
                "{\"type\": \"Linear\", \"out_features\": 2}");
        String flat = "{\"type\": \"Flatten\"}, {\"type\": \"Linear\", \"out_features\": 2}";
        train(images(), IMAGES, "side", "CrossEntropyLoss", flat);
        train(tensors(), TENSORS, "side", "CrossEntropyLoss", flat);
    }

    private void train(String dataset, String name, String target, String loss, String layers) {
        new Service(client)
                .train(
                        JsonMapper.shared()
                                .readTree(
                                        """
                                        {"name": "%s", "target": "%s", "model": {"layers": [%s]}, "loss": "%s",
                                         "optimizer": {"type": "Adam", "lr": 0.05}, "epochs": 30, "seed": 1}
                                        """
                                                .formatted(name, target, layers, loss)),
                        dataset);
    }

    /** Whether it is one account or the next, which are the same to a double. */
    private String accounts() {
        var csv = new StringBuilder("account,city,member,size,verdict\n");
        for (int row = 0; row < ROWS; row++) {
            csv.append(row % 2 == 0 ? "9007199254740992" : "9007199254740993")
                    .append(row % 3 == 0 ? ",Zürich" : ",Bern")
                    .append(row % 5 == 0 ? ",true," : ",false,")
                    .append(row % 7 + 0.5)
                    .append(row % 2 == 0 ? ",no\n" : ",yes\n");
        }
        var answer =
                client.postForm(
                        "/v1/datasets",
                        Map.of(
                                "file;text/csv",
                                csv.toString(),
                                "options;application/json",
                                "{\"columns\": {\"account\": \"categorical\"}}"));
        return answer.json().get("id").stringValue();
    }

    /** Of 2 × 3 pixels, bright above in even rows and below in odd ones. */
    private String images() throws IOException {
        var bytes = ByteBuffer.allocate(ROWS * 6);
        for (int row = 0; row < ROWS; row++) {
            for (int i = 0; i < 6; i++) {
                bytes.put((byte) ((i / 3 == row % 2 ? 200 : 20) + row % 50));
            }
        }
        return create(
                ColumnType.IMAGE,
                new Block(ElementType.UINT8, List.of(1L, 2L, 3L)),
                new BlockSets.Values(
                        "values",
                        ElementType.UINT8,
                        List.of((long) ROWS, 1L, 2L, 3L),
                        bytes.flip()));
    }

    /** Whole numbers [2, 2], great in the first or in the second place of each list. */
    private String tensors() throws IOException {
        var bytes = ByteBuffer.allocate(ROWS * 4 * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < ROWS; row++) {
            for (int i = 0; i < 4; i++) {
                bytes.putLong((i % 2 == row % 2 ? 5 : 0) + row % 3);
            }
        }
        return create(
                ColumnType.TENSOR,
                new Block(ElementType.INT64, List.of(2L, 2L)),
                new BlockSets.Values(
                        "values", ElementType.INT64, List.of((long) ROWS, 2L, 2L), bytes.flip()));
    }

    private String create(ColumnType type, Block block, BlockSets.Values values)
            throws IOException {
        var csv = new StringBuilder("side,note\n");
        for (int row = 0; row < ROWS; row++) {
            csv.append(row % 2 == 0 ? "left," : "right,").append(row).append('\n');
        }
        return BlockSets.in(context, folder)
                .create(
                        csv.toString(),
                        new Column("cell", type, List.of(), 0, Optional.of(block)),
                        List.of(values));
    }
}
