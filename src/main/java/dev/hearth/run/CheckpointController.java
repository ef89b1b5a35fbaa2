package dev.hearth.run;

import dev.hearth.http.Owner;
import dev.hearth.model.ModelFile;
import dev.hearth.model.ModelVersion;
import dev.hearth.model.VersionView;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.storage.BlobStore;
import dev.hearth.storage.Sha256;
import dev.hearth.torchscript.StateDict;
import dev.hearth.torchscript.TensorFile;
import dev.hearth.train.CheckpointFile;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import tools.jackson.databind.json.JsonMapper;

/** A run's checkpoints over HTTP. */
@RestController
@Tag(name = "Runs", description = "Train models")
class CheckpointController {

    /** The checkpoint itself. */
    static final String WHOLE = "checkpoint.safetensors";

    private static final List<String> FILES =
            List.of(WHOLE, ModelFile.STATE_DICT, ModelFile.SAFETENSORS);

    private final Runs runs;
    private final RunCheckpoints checkpoints;
    private final BlobStore blobs;
    private final CheckpointPublisher publisher;
    private final JsonMapper json;

    CheckpointController(
            Runs runs,
            RunCheckpoints checkpoints,
            BlobStore blobs,
            CheckpointPublisher publisher,
            JsonMapper json) {
        this.runs = runs;
        this.checkpoints = checkpoints;
        this.blobs = blobs;
        this.publisher = publisher;
        this.json = json;
    }

    /** All of a run's checkpoints: never more than its policy keeps. */
    record CheckpointsView(List<CheckpointView> items) {}

    /**
     * A checkpoint as its readers see it.
     *
     * @param epoch how many had ended
     * @param batch mini-batches of the next epoch that were done
     * @param reason {@code policy}, {@code stopping}, {@code pause} or {@code end}
     * @param metrics of the last epoch that had ended
     */
    record CheckpointView(
            int number,
            int epoch,
            long batch,
            String reason,
            Map<String, Double> metrics,
            long sizeBytes,
            String sha256,
            Instant createdAt,
            List<FileView> files) {

        static CheckpointView of(RunCheckpoint stored) {
            return new CheckpointView(
                    stored.number(),
                    stored.epoch(),
                    stored.batch(),
                    stored.reason().text(),
                    stored.metrics(),
                    stored.blob().sizeBytes(),
                    stored.blob().hash().hex(),
                    stored.createdAt(),
                    FILES.stream()
                            .map(name ->
                                    new FileView(
                                            name,
                                            "/v1/runs/%s/checkpoints/%d/files/%s"
                                                    .formatted(
                                                            stored.run(), stored.number(), name)))
                            .toList());
        }
    }

    /** A file to download. */
    record FileView(String name, String url) {}

    @GetMapping("/v1/runs/{id}/checkpoints")
    @Operation(summary = "A run's checkpoints, newest first")
    CheckpointsView list(@PathVariable String id) {
        Run run = runs.require(RunId.parse(id));
        return new CheckpointsView(
                checkpoints.all(run.id()).stream().map(CheckpointView::of).toList());
    }

    @GetMapping("/v1/runs/{id}/checkpoints/{number}")
    @Operation(summary = "One checkpoint of a run")
    CheckpointView get(@PathVariable String id, @PathVariable String number) {
        return CheckpointView.of(require(id, number));
    }

    @GetMapping("/v1/runs/{id}/checkpoints/{number}/files/" + WHOLE)
    @Operation(summary = "Download a checkpoint, whole")
    @ApiResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
                            schema = @Schema(type = "string", format = "binary")))
    ResponseEntity<Resource> whole(@PathVariable String id, @PathVariable String number)
            throws IOException {
        Sha256 hash = require(id, number).blob().hash();
        return download(WHOLE).eTag(hash.hex()).body(new FileSystemResource(blobs.file(hash)));
    }

    @GetMapping("/v1/runs/{id}/checkpoints/{number}/files/{file}")
    @Operation(
            summary =
                    "Download the model as it was at a checkpoint: state_dict.pt or model.safetensors")
    @ApiResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
                            schema = @Schema(type = "string", format = "binary")))
    ResponseEntity<StreamingResponseBody> file(
            @PathVariable String id, @PathVariable String number, @PathVariable String file) {
        RunCheckpoint stored = require(id, number);
        StreamingResponseBody body =
                switch (file) {
                    case ModelFile.STATE_DICT -> model(stored)::writePt;
                    case ModelFile.SAFETENSORS -> model(stored)::writeSafetensors;
                    default ->
                            throw new ProblemException(
                                    ProblemCode.NOT_FOUND,
                                    "a checkpoint has no file '%s'; it has %s"
                                            .formatted(file, FILES));
                };
        return download(file).body(body);
    }

    @PostMapping("/v1/runs/{id}/checkpoints/{number}:publish")
    @ApiResponse(responseCode = "201")
    @Operation(summary = "Make the next version of the run's model from a checkpoint")
    ResponseEntity<VersionView> publish(@PathVariable String id, @PathVariable String number)
            throws IOException {
        Run run = runs.require(RunId.parse(id));
        RunCheckpoint stored = require(id, number);
        runs.requireRoom(new Owner(run.rank().owner()));
        ModelVersion version = publisher.publish(run, stored);
        return ResponseEntity.created(URI.create(VersionView.path(version)))
                .body(VersionView.of(version, json));
    }

    private static ResponseEntity.BodyBuilder download(String file) {
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment().filename(file).build().toString());
    }

    private StateDict model(RunCheckpoint stored) {
        try (TensorFile file = checkpoints.file(stored)) {
            return CheckpointFile.model(file);
        }
    }

    private RunCheckpoint require(String id, String number) {
        Run run = runs.require(RunId.parse(id));
        return checkpoints
                .find(run.id(), CheckpointNumber.parse(number))
                .orElseThrow(() ->
                        new ProblemException(
                                ProblemCode.NOT_FOUND,
                                "run %s has no checkpoint %s; it has %s"
                                        .formatted(
                                                run.id(),
                                                number,
                                                checkpoints.all(run.id()).stream()
                                                        .map(RunCheckpoint::number)
                                                        .toList())));
    }
}
