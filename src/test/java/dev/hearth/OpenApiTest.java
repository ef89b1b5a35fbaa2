package dev.hearth;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import dev.hearth.spec.Encoding;
import dev.hearth.spec.LearnedStep;
import dev.hearth.spec.TransformSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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

    @ParameterizedTest
    @ValueSource(classes = {Encoding.Feature.class, LearnedStep.class, TransformSpec.class})
    void aClosedSetIsDescribedWithTheTypeOfEachMember(Class<?> set) {
        var schemas = client.get("/v3/api-docs").json().at("/components/schemas");
        var types = new HashMap<String, String>();
        for (var member : set.getAnnotation(JsonSubTypes.class).value()) {
            types.put(member.name(), "#/components/schemas/" + member.value().getSimpleName());
        }

        assertThat(types.values())
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(set.getPermittedSubclasses())
                                .map(member -> "#/components/schemas/" + member.getSimpleName())
                                .toList());
        var mapping = new HashMap<String, String>();
        schemas.get(set.getSimpleName())
                .at("/discriminator/mapping")
                .properties()
                .forEach(entry -> mapping.put(entry.getKey(), entry.getValue().stringValue()));
        assertThat(mapping).isEqualTo(types);
        for (var member : set.getPermittedSubclasses()) {
            assertThat(schemas.get(member.getSimpleName()).at("/allOf/0/$ref").stringValue())
                    .isEqualTo("#/components/schemas/" + set.getSimpleName());
        }
    }

    @Test
    void theTransformsOfAVersionAreOneOfAClosedSet() {
        var items =
                client.get("/v3/api-docs")
                        .json()
                        .at("/components/schemas/BlockInput/properties/transforms/items");

        assertThat(items.get("oneOf").size())
                .isEqualTo(TransformSpec.class.getPermittedSubclasses().length);
        assertThat(items.at("/discriminator/propertyName").stringValue()).isEqualTo("type");
        assertThat(items.at("/discriminator/mapping/Resize").stringValue())
                .isEqualTo("#/components/schemas/Resize");
    }
}
