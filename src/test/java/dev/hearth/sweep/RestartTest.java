package dev.hearth.sweep;

import static dev.hearth.sweep.Groupings.SWEEPS;
import static dev.hearth.sweep.Groupings.request;
import static dev.hearth.sweep.Groupings.run;
import static dev.hearth.sweep.Groupings.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.Client;
import dev.hearth.HearthApplication;
import dev.hearth.Service;
import dev.hearth.TestClients;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** A sweep goes on in another process when the one that began it has stopped. */
class RestartTest {

    @Test
    void aSweepGoesOnAfterARestartInItsMiddle(@TempDir Path data) {
        String address;
        try (var first = start(data)) {
            var client = first.getBean(Client.class);
            var iris = new Service(client).uploadSample("iris");
            var sweeps = new Groupings(client);
            address =
                    sweeps.begin(
                            SWEEPS,
                            request(
                                    run(iris, 1500),
                                    """
                                    {"method": "grid", "parallelism": 2,
                                     "parameters": {"/optimizer/lr": [0.1, 0.01, 0.001, 0.0001]}}
                                    """));
            sweeps.await(address, view -> view.at("/trials/succeeded").intValue() == 1);
        }
        try (var second = start(data)) {
            var client = second.getBean(Client.class);
            var sweeps = new Groupings(client);

            var sweep = sweeps.end(address);

            assertThat(text(sweep, "state")).as(sweep.toString()).isEqualTo("succeeded");
            assertThat(sweep.at("/trials/succeeded").intValue()).isEqualTo(4);
            assertThat(client.get(sweep.at("/model/url").stringValue()).status()).isEqualTo(200);
            assertThat(client.get("/v1/runs").json().get("items")).hasSize(4);
        }
    }

    private static ConfigurableApplicationContext start(Path data) {
        return new SpringApplicationBuilder(HearthApplication.class, TestClients.class)
                .profiles("test")
                .run(
                        "--server.port=0",
                        "--hearth.grpc.port=0",
                        "--hearth.data-dir=" + data.toAbsolutePath(),
                        "--hearth.database.binaries-dir=target/postgres-programs");
    }
}
