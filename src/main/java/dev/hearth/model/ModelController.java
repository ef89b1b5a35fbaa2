package dev.hearth.model;

import dev.hearth.http.Page;
import dev.hearth.http.PageRequest;
import dev.hearth.storage.BlobStore;
import dev.hearth.storage.Sha256;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.InputStreamResource;
import org.springframework.core.io.Resource;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Models over HTTP. */
@RestController
@RequestMapping("/v1/models")
@Tag(name = "Models", description = "What was trained: versions, lineage, files")
class ModelController {

    /**
     * A model in a list.
     *
     * @param aliases by name
     */
    record ModelSummary(
            String name,
            int latestVersion,
            int versions,
            List<String> aliases,
            Instant updatedAt) {}

    private final Models models;
    private final Aliases aliases;
    private final BlobStore blobs;
    private final JsonMapper json;

    ModelController(Models models, Aliases aliases, BlobStore blobs, JsonMapper json) {
        this.models = models;
        this.aliases = aliases;
        this.blobs = blobs;
        this.json = json;
    }

    @GetMapping
    @Operation(summary = "List models in alphabetical order")
    Page<ModelSummary> list(
            @RequestParam(defaultValue = "50") int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        int size = PageRequest.of(limit, null).limit();
        List<ModelTable.Head> heads = models.heads(cursor == null ? "" : cursor, size + 1);
        Map<String, List<String>> names =
                aliases.names(heads.stream().map(head -> head.name().value()).toList());
        return Page.of(
                heads.stream()
                        .map(head ->
                                new ModelSummary(
                                        head.name().value(),
                                        head.latest(),
                                        head.versions(),
                                        names.getOrDefault(head.name().value(), List.of()),
                                        head.createdAt()))
                        .toList(),
                size,
                ModelSummary::name);
    }

    @GetMapping("/{name}")
    @Operation(summary = "The latest version of a model")
    VersionView latest(@PathVariable String name) {
        return view(models.requireLatest(new ModelName(name)));
    }

    @GetMapping("/{name}/versions")
    @Operation(summary = "List a model's versions, newest first")
    Page<VersionView> versions(
            @PathVariable String name,
            @RequestParam(defaultValue = "50") int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        int size = PageRequest.of(limit, null).limit();
        var model = new ModelName(name);
        int below = cursor == null ? Integer.MAX_VALUE : VersionNumber.parse(cursor);
        models.requireLatest(model);
        return Page.of(
                models.versions(model, below, size + 1).stream().map(this::view).toList(),
                size,
                view -> String.valueOf(view.version()));
    }

    @GetMapping("/{name}/versions/{version}")
    @Operation(summary = "One version of a model, with its lineage and files")
    VersionView version(@PathVariable String name, @PathVariable String version) {
        return view(models.require(new ModelName(name), VersionNumber.parse(version)));
    }

    @GetMapping("/{name}/versions/{version}/files/{file}")
    @Operation(
            summary =
                    "Download a file: state_dict.pt, model.safetensors, model.torchscript.pt or"
                            + " model.py")
    @ApiResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
                            schema = @Schema(type = "string", format = "binary")))
    ResponseEntity<Resource> file(
            @PathVariable String name,
            @PathVariable String version,
            @PathVariable String file,
            @Parameter(hidden = true) @RequestHeader(name = HttpHeaders.IF_RANGE, required = false)
                    @Nullable String ifRange)
            throws IOException {
        ModelFile found =
                models.require(new ModelName(name), VersionNumber.parse(version)).file(file);
        Sha256 hash = found.blob().hash();
        // Spring answers ranges of a file, and does not know If-Range: of a stream it makes none.
        boolean mayBeInParts = ifRange == null || ifRange.equals("\"" + hash.hex() + "\"");
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .eTag(hash.hex())
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment().filename(file).build().toString())
                .body(
                        mayBeInParts
                                ? new FileSystemResource(blobs.file(hash))
                                : new InputStreamResource(() -> blobs.open(hash)));
    }

    @DeleteMapping("/{name}/versions/{version}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Delete a version and give its bytes back")
    void delete(@PathVariable String name, @PathVariable String version) {
        models.delete(new ModelName(name), VersionNumber.parse(version));
    }

    private VersionView view(ModelVersion version) {
        return VersionView.of(
                version, aliases.naming(version.name(), version.number()), json);
    }
}
