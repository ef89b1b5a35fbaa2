package dev.hearth.batch;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.hearth.Client;
import dev.hearth.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What tests of predictions over data sets do again and again, in the words of the interface. */
record BatchCalls(Client client) {

    static final String PATH = "/v1/predictions";

    private static final Set<String> FINAL = Set.of("succeeded", "failed", "cancelled");

    /** Trains a model of one linear layer and answers its name. */
    String train(String dataset, String target, String loss, int outputs) {
        var name = "batch-" + UUID.randomUUID();
        train(name, dataset, target, loss, outputs);
        return name;
    }

    /** Trains the next version of a model. */
    void train(String name, String dataset, String target, String loss, int outputs) {
        var request =
                """
                {"name": "%s", "target": "%s", "loss": "%s", "optimizer": {"type": "Adam", "lr": 0.05},
                 "model": {"layers": [{"type": "Linear", "out_features": %d}]}, "epochs": 10}
                """
                        .formatted(name, target, loss, outputs);
        new Service(client).train(JsonMapper.shared().readTree(request), dataset);
    }

    Client.Answer submit(String model, String dataset, String... columns) {
        return client.post(PATH, body(model, dataset, columns));
    }

    static String body(String model, String dataset, String... columns) {
        var body = JsonMapper.shared().createObjectNode();
        body.put("model", model).put("dataset_id", dataset);
        var names = body.putArray("columns");
        for (var column : columns) {
            names.add(column);
        }
        return body.toString();
    }

    /** Predicts a data set, and answers how that ended. */
    JsonNode predict(String model, String dataset, String... columns) {
        var answer = submit(model, dataset, columns);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
        return end(answer.json().get("id").stringValue());
    }

    JsonNode get(String id) {
        return client.get(PATH + "/" + id).json();
    }

    /** Waits until a prediction has ended, however it ended. */
    JsonNode end(String id) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> get(id), view -> FINAL.contains(view.get("state").stringValue()));
    }

    /** The lines of a result, each by the names of its columns. */
    List<Map<String, String>> lines(JsonNode prediction) {
        assertThat(prediction.get("state").stringValue())
                .as(prediction.toString())
                .isEqualTo("succeeded");
        return lines(client.get(prediction.at("/result/url").stringValue()).text());
    }

    static List<Map<String, String>> lines(String csv) {
        List<CsvRecord> records = CsvReader.builder().ofCsvRecord(csv).stream().toList();
        List<String> header = records.getFirst().getFields();
        var lines = new ArrayList<Map<String, String>>();
        for (var record : records.subList(1, records.size())) {
            var line = new LinkedHashMap<String, String>();
            for (var i = 0; i < header.size(); i++) {
                line.put(header.get(i), record.getField(i));
            }
            lines.add(line);
        }
        return lines;
    }
}
