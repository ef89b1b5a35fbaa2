package dev.hearth.inference;

import dev.hearth.http.JsonBody;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The protocol's calls over HTTP that are not inference. */
@RestController
@RequestMapping("/v2")
@Tag(name = InferenceController.TAG)
class ServerController {

    /** Whether the server lives. */
    record Live(boolean live) {}

    /** Whether the server takes requests. */
    record Ready(boolean ready) {}

    /** Whether a model takes requests. */
    record ModelReady(String name, boolean ready) {}

    /**
     * Which models are asked for.
     *
     * @param ready those in memory alone
     */
    @Schema(name = "RepositoryIndexRequest")
    record IndexForm(@Nullable Boolean ready, @Nullable String repositoryName) {}

    /** Nothing, in JSON. */
    record Done() {}

    private final Inference inference;
    private final Readiness readiness;
    private final JsonBody json;
    private final String version;

    ServerController(
            Inference inference,
            Readiness readiness,
            JsonBody json,
            @Value("${hearth.version}") String version) {
        this.inference = inference;
        this.readiness = readiness;
        this.json = json;
        this.version = version;
    }

    @GetMapping
    @Operation(summary = "What this server is, and which extensions it knows")
    ServerMetadata metadata() {
        return ServerMetadata.of(version);
    }

    @GetMapping("/health/live")
    @Operation(summary = "Whether the server lives")
    Live live() {
        return new Live(true);
    }

    @GetMapping("/health/ready")
    @Operation(summary = "Whether the server takes requests: 200 or 503")
    ResponseEntity<Ready> ready() {
        boolean isReady = readiness.isReady();
        return ResponseEntity.status(isReady ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
                .body(new Ready(isReady));
    }

    @GetMapping({"/models/{name}", "/models/{name}/versions/{version}"})
    @Operation(summary = "The tensors of a model, and its versions")
    ModelMetadata modelMetadata(
            @PathVariable String name, @PathVariable(required = false) @Nullable String version) {
        return readiness.metadata(inference.named(name, version == null ? "" : version));
    }

    @GetMapping({"/models/{name}/ready", "/models/{name}/versions/{version}/ready"})
    @Operation(summary = "Whether a model takes requests; it is loaded by the first")
    ModelReady modelReady(
            @PathVariable String name, @PathVariable(required = false) @Nullable String version) {
        var found = inference.named(name, version == null ? "" : version);
        return new ModelReady(found.reference().asked(), true);
    }

    @PostMapping("/repository/index")
    @Operation(
            summary = "All versions of all models, and whether they are in memory",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content =
                                    @Content(
                                            mediaType = "application/json",
                                            schema = @Schema(implementation = IndexForm.class))))
    List<Readiness.IndexEntry> index(@RequestBody(required = false) byte @Nullable [] body) {
        IndexForm form =
                body == null || body.length == 0
                        ? new IndexForm(null, null)
                        : json.read(body, IndexForm.class);
        return readiness.index(Boolean.TRUE.equals(form.ready()));
    }

    @PostMapping("/repository/models/{name}/load")
    @Operation(
            summary = "Bring the latest version of a model, or those of an alias, into memory",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content =
                                    @Content(
                                            mediaType = "application/json",
                                            schema =
                                                    @Schema(
                                                            implementation =
                                                                    RepositoryForm.class))))
    Done load(@PathVariable String name, @RequestBody(required = false) byte @Nullable [] body) {
        if (body != null && body.length > 0) {
            var parameters = json.read(body, RepositoryForm.class).parameters();
            readiness.requireNoOverride(parameters == null ? Set.of() : parameters.keySet());
        }
        readiness.load(name);
        return new Done();
    }

    @PostMapping("/repository/models/{name}/unload")
    @Operation(
            summary = "Give the memory of all versions of a model back",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content =
                                    @Content(
                                            mediaType = "application/json",
                                            schema =
                                                    @Schema(
                                                            implementation =
                                                                    RepositoryForm.class))))
    Done unload(@PathVariable String name, @RequestBody(required = false) byte @Nullable [] body) {
        if (body != null && body.length > 0) {
            json.read(body, RepositoryForm.class);
        }
        readiness.unload(name);
        return new Done();
    }

    /** What a load or an unload may say. */
    @Schema(name = "RepositoryModelRequest")
    record RepositoryForm(@Nullable Map<String, Object> parameters) {}
}
