package dev.hearth.dataset;

import dev.hearth.http.ContentDigest;
import dev.hearth.http.JsonBody;
import dev.hearth.storage.Scratch;
import dev.hearth.upload.ReceivedFile;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Data sets and their versions of a file that is the whole body, as {@code curl --data-binary}
 * sends it.
 */
@RestController
@Tag(name = "Data sets")
class RawBodyController {

    private final DatasetUpload upload;
    private final DatasetVersions versions;
    private final DatasetAnswer answer;
    private final Scratch scratch;
    private final JsonBody bodies;

    RawBodyController(
            DatasetUpload upload,
            DatasetVersions versions,
            DatasetAnswer answer,
            Scratch scratch,
            JsonBody bodies) {
        this.upload = upload;
        this.versions = versions;
        this.answer = answer;
        this.scratch = scratch;
        this.bodies = bodies;
    }

    /** What is to be made of the body. */
    @FunctionalInterface
    private interface Making {
        DatasetUpload.Taken of(SourceFile file, DatasetOptions options) throws IOException;
    }

    @PostFile(
            path = "/v1/datasets",
            operationId = "datasetCreate",
            summary = DatasetCreateController.CREATE)
    @ApiResponse(responseCode = "201")
    @ApiResponse(responseCode = "202", description = DatasetAnswer.LATER)
    ResponseEntity<DatasetView> create(
            @Parameter(hidden = true) HttpServletRequest request,
            @RequestParam(name = "name", required = false) @Nullable String name,
            @RequestParam(name = "options", required = false) @Nullable String options,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestHeader(name = "Prefer", required = false) @Nullable String prefer)
            throws IOException {
        return made(
                request,
                RawName.of(request, name),
                options,
                (file, read) ->
                        upload.upload(
                                NewDataset.first(
                                        List.of(file), read, DatasetAnswer.intake(request)),
                                DatasetAnswer.wish(key, prefer)));
    }

    @PostFile(
            path = "/v1/datasets/{id}/versions",
            operationId = "datasetCreateVersion",
            summary = DatasetVersionController.CREATE)
    @ApiResponse(responseCode = "201")
    @ApiResponse(responseCode = "202", description = DatasetAnswer.LATER)
    ResponseEntity<DatasetView> append(
            @PathVariable String id,
            @Parameter(hidden = true) HttpServletRequest request,
            @RequestParam(name = "name", required = false) @Nullable String name,
            @RequestParam(name = "options", required = false) @Nullable String options,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestHeader(name = "Prefer", required = false) @Nullable String prefer)
            throws IOException {
        var parent = DatasetId.parse(id);
        return made(
                request,
                RawName.of(request, name),
                options,
                (file, read) ->
                        versions.create(
                                parent,
                                List.of(file),
                                read,
                                DatasetAnswer.intake(request),
                                DatasetAnswer.wish(key, prefer)));
    }

    private ResponseEntity<DatasetView> made(
            HttpServletRequest request, String name, @Nullable String options, Making making)
            throws IOException {
        var read =
                options == null
                        ? DatasetOptions.NONE
                        : bodies.read(
                                options.getBytes(StandardCharsets.UTF_8), DatasetOptions.class);
        var digest = ContentDigest.of(request.getHeader("Content-Digest"));
        try (var body = digest.checking(request.getInputStream());
                var file = ReceivedFile.of(body, scratch)) {
            var source = SourceFile.of(name, file.sizeBytes(), FileContent.of(file.path()));
            return answer.of(making.of(source, read));
        }
    }
}
