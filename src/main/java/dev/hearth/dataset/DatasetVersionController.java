package dev.hearth.dataset;

import dev.hearth.http.Cursor;
import dev.hearth.http.JsonBody;
import dev.hearth.http.Page;
import dev.hearth.http.PageRequest;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartHttpServletRequest;

/** Versions of data sets, and the end of a preparing, over HTTP. */
@RestController
@Tag(name = "Data sets")
class DatasetVersionController {

    private static final String VERSIONS = "/v1/datasets/{id}/versions";
    static final String CREATE =
            "Make the next version: of more files as a form, of one as the body, or in JSON of uploads or with other options";

    /**
     * @param uploads files that arrived in parts, to be added to those of the parent
     * @param options how all files are to be read, over what holds for the parent
     */
    record VersionRequest(@Nullable List<String> uploads, @Nullable DatasetOptions options) {}

    private final Datasets datasets;
    private final DatasetVersions versions;
    private final DatasetLife life;
    private final DatasetAnswer answer;
    private final JsonBody bodies;

    DatasetVersionController(
            Datasets datasets,
            DatasetVersions versions,
            DatasetLife life,
            DatasetAnswer answer,
            JsonBody bodies) {
        this.datasets = datasets;
        this.versions = versions;
        this.life = life;
        this.answer = answer;
        this.bodies = bodies;
    }

    @GetMapping(VERSIONS)
    @Operation(operationId = "datasetVersions", summary = "List all versions, newest first")
    Page<DatasetView> list(
            @PathVariable String id,
            @RequestParam(defaultValue = PageRequest.DEFAULT_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        var page = PageRequest.of(limit, cursor);
        var of = datasets.entry(DatasetId.parse(id));
        return page.page(
                datasets.versions(of, page.after(), page.fetchSize()).stream()
                        .map(DatasetView::of)
                        .toList(),
                view -> new Cursor(view.createdAt(), view.id()));
    }

    @PostMapping(path = VERSIONS, consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    @Operation(
            operationId = "datasetCreateVersion",
            summary = CREATE,
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.MULTIPART_FORM_DATA_VALUE,
                                            schema =
                                                    @Schema(
                                                            implementation =
                                                                    DatasetCreateController
                                                                            .UploadForm.class))))
    @ApiResponse(responseCode = "201")
    @ApiResponse(responseCode = "202", description = DatasetAnswer.LATER)
    ResponseEntity<DatasetView> append(
            @PathVariable String id,
            @Parameter(hidden = true) MultipartHttpServletRequest request,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestHeader(name = "Prefer", required = false) @Nullable String prefer)
            throws IOException {
        var form = DatasetForm.read(request, bodies);
        return answer.of(
                versions.create(
                        DatasetId.parse(id),
                        form.files(),
                        form.options(),
                        DatasetAnswer.intake(request),
                        DatasetAnswer.wish(key, prefer)));
    }

    @PostMapping(path = VERSIONS, consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "datasetCreateVersion",
            summary = CREATE,
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema =
                                                    @Schema(
                                                            implementation =
                                                                    VersionRequest.class))))
    @ApiResponse(responseCode = "201")
    @ApiResponse(responseCode = "202", description = DatasetAnswer.LATER)
    ResponseEntity<DatasetView> reread(
            @PathVariable String id,
            @RequestBody byte[] body,
            @Parameter(hidden = true) HttpServletRequest http,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestHeader(name = "Prefer", required = false) @Nullable String prefer)
            throws IOException {
        var request = bodies.read(body, VersionRequest.class);
        var parent = DatasetId.parse(id);
        var options = request.options();
        if (request.uploads() != null) {
            return answer.of(
                    versions.createOfUploads(
                            parent,
                            UploadList.parse(request.uploads()),
                            options == null ? DatasetOptions.NONE : options,
                            DatasetAnswer.intake(http),
                            DatasetAnswer.wish(key, prefer)));
        }
        if (options == null) {
            throw ProblemException.at(
                    ProblemCode.INVALID_REQUEST,
                    "/options",
                    "missing; say how the files are to be read, or send more files as"
                            + " multipart/form-data or as /uploads");
        }
        return answer.of(
                versions.create(
                        parent,
                        List.of(),
                        options,
                        DatasetAnswer.intake(http),
                        DatasetAnswer.wish(key, prefer)));
    }

    @PostMapping("/v1/datasets/{id}:cancel")
    @Operation(operationId = "datasetCancel", summary = "Stop the preparing of a data set")
    DatasetView cancel(@PathVariable String id) {
        var dataset = DatasetId.parse(id);
        life.cancel(dataset);
        return DatasetView.of(datasets.entry(dataset));
    }
}
