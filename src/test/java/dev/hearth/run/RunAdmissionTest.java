package dev.hearth.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.Client;
import dev.hearth.HearthTest;
import dev.hearth.Service;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs begin where there is memory for them, through the interface. */
@HearthTest
class RunAdmissionTest {

    @Autowired Client client;
    @Autowired MemoryBudget budget;
    @Autowired WorkersMemory workers;
    @Autowired JdbcClient jdbc;

    private final RunId another = new RunId(UUID.randomUUID());

    @AfterEach
    void giveBackAndTellWhatThereIs() {
        budget.giveBack(another, "cpu");
        workers.tell();
    }

    private static JsonNode request(String batch) {
        return JsonMapper.shared()
                .readTree(
                        """
                        {"name": "memory", "target": "y", "batch_size": %s, "epochs": 1,
                         "model": {"layers": [{"type": "Linear", "out_features": 20000},
                                              {"type": "Linear", "out_features": 1}]},
                         "loss": "MSELoss", "optimizer": {"type": "SGD", "lr": 1e-6}, "seed": 1}
                        """
                                .formatted(batch));
    }

    private static String rows() {
        return IntStream.range(0, 3000)
                .mapToObj(i -> "%d,%d\n".formatted(i, i % 7))
                .collect(Collectors.joining("", "x,y\n", ""));
    }

    /** As if no process had more. */
    private void letWorkersHave(long bytes) {
        workers.tell();
        jdbc.sql("UPDATE worker_memory SET bytes = :bytes").param("bytes", bytes).update();
    }

    @Test
    void aRunThatCanNeverFitIsRefusedWithTheNumbersAndALargestBatchThatIsTaken() {
        var service = new Service(client);
        String dataset = service.upload(rows());
        letWorkersHave(check(dataset, "16").at("/memory/total_bytes").longValue());

        Client.Answer answer = post(dataset, "\"all\"");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().get("type").stringValue())
                .isEqualTo("urn:hearth:problem:out-of-memory");
        String detail = answer.json().get("detail").stringValue();
        assertThat(detail).contains("training takes about", "a mini-batch of 2,400 rows");
        String largest = detail.replaceAll(".*a batch_size of at most (\\d+) would fit", "$1");
        assertThat(Integer.parseInt(largest)).isBetween(16, 2399);
        assertThat(check(dataset, largest).get("valid").booleanValue()).isTrue();
        assertThat(post(dataset, String.valueOf(Integer.parseInt(largest) + 1)).status())
                .isEqualTo(422);
    }

    @Test
    void aRunThatDoesNotFitBesideOthersWaitsAndSaysSoAndThenRuns() {
        var service = new Service(client);
        String dataset = service.upload(rows());
        assertThat(budget.take(another, "cpu", budget.free("cpu"))).isTrue();

        String run = service.submit(request("16"), dataset);

        JsonNode waiting = service.await(run, view -> view.has("waiting_for"));
        assertThat(waiting.get("waiting_for").stringValue()).isEqualTo("memory");
        assertThat(waiting.get("state").stringValue()).isEqualTo("queued");
        assertThat(client.get("/v1/runs/" + run + "/events").text())
                .contains("\"waiting\"", "of memory; on cpu");

        budget.giveBack(another, "cpu");
        JsonNode ended = service.end(run);
        assertThat(ended.get("state").stringValue()).isEqualTo("succeeded");
        assertThat(ended.has("waiting_for")).isFalse();
        assertThat(budget.free("cpu")).isEqualTo(budget.of("cpu"));
    }

    private JsonNode check(String dataset, String batch) {
        Client.Answer answer = client.post("/v1/specs:check", body(dataset, batch));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.json();
    }

    private Client.Answer post(String dataset, String batch) {
        return client.post("/v1/runs", body(dataset, batch));
    }

    private static String body(String dataset, String batch) {
        return request(batch)
                .toString()
                .replaceFirst("\\{", "{\"dataset\": \"%s\", ".formatted(dataset));
    }
}
