package dev.hearth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** The interface is committed: {@code openapi.yaml} says what the running service says. */
@HearthTest
class OpenApiTest {

    private static final Path FILE = Path.of("openapi.yaml");

    @Autowired Client client;

    @Test
    void theCommittedDocumentIsWhatTheServiceSays() throws IOException {
        var served = client.get("/v3/api-docs.yaml").text();
        if (Boolean.getBoolean("hearth.openapi.write")) {
            Files.writeString(FILE, served);
        }

        assertThat(served)
                .as("the interface has changed; look at it, then run ./hearth openapi")
                .isEqualTo(Files.readString(FILE));
    }

    @Test
    void everyCallHasASummaryAndItsOwnName() {
        var operations = new ArrayList<JsonNode>();
        for (JsonNode path : client.get("/v3/api-docs").json().get("paths")) {
            path.forEach(operations::add);
        }

        assertThat(operations)
                .isNotEmpty()
                .allSatisfy(operation ->
                        assertThat(operation.path("summary").asString("")).isNotBlank());
        assertThat(operations.stream().map(o -> o.get("operationId").stringValue()))
                .doesNotHaveDuplicates();
    }
}
