package dev.hearth.dataset;

import dev.hearth.http.ContentDigest;
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
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartHttpServletRequest;
import tools.jackson.databind.json.JsonMapper;

/** Data sets over HTTP. */
@RestController
@RequestMapping("/v1/datasets")
@Tag(name = "Data sets", description = "Upload data, and see what is in it")
class DatasetController {

    private static final String CREATE =
            "Upload a CSV file as a form, or name a built-in sample in JSON";

    /** A sample to make a data set of. */
    record BuiltinRequest(@Nullable String builtin) {}

    /** The samples that there are. */
    record Builtins(List<Sample> items) {}

    /** The form of an upload. */
    @Schema(requiredProperties = "file")
    record UploadForm(
            @Schema(type = "string", format = "binary", description = "A CSV file in UTF-8.")
                    String file,
            @Nullable DatasetOptions options) {}

    private final Datasets datasets;
    private final DatasetUpload upload;
    private final JsonBody bodies;
    private final JsonMapper json;
    private final DatasetAnswer answer;

    DatasetController(
            Datasets datasets,
            DatasetUpload upload,
            JsonBody bodies,
            JsonMapper json,
            DatasetAnswer answer) {
        this.datasets = datasets;
        this.upload = upload;
        this.bodies = bodies;
        this.json = json;
        this.answer = answer;
    }

    @PostMapping(consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    @Operation(
            operationId = "datasetCreate",
            summary = CREATE,
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.MULTIPART_FORM_DATA_VALUE,
                                            schema = @Schema(implementation = UploadForm.class))))
    @ApiResponse(responseCode = "201")
    @ApiResponse(responseCode = "202", description = DatasetAnswer.LATER)
    ResponseEntity<DatasetView> upload(
            @Parameter(hidden = true) MultipartHttpServletRequest request,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestHeader(name = "Prefer", required = false) @Nullable String prefer)
            throws IOException {
        var form = DatasetForm.read(request, bodies);
        return answer.of(
                upload.upload(
                        NewDataset.first(form.files(), form.options()),
                        DatasetAnswer.wish(key, prefer)));
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "datasetCreate",
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
                                                                    BuiltinRequest.class))))
    @ApiResponse(responseCode = "201")
    @ApiResponse(responseCode = "202", description = DatasetAnswer.LATER)
    ResponseEntity<DatasetView> builtin(
            @RequestBody byte[] body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestHeader(name = "Prefer", required = false) @Nullable String prefer)
            throws IOException {
        var name = bodies.read(body, BuiltinRequest.class).builtin();
        if (name == null) {
            throw ProblemException.at(
                    ProblemCode.INVALID_DATASET,
                    "/builtin",
                    "missing; name a sample of GET /v1/datasets/builtin, or upload a file as"
                            + " multipart/form-data");
        }
        var sample = Sample.require(name);
        return answer.of(
                upload.upload(
                        NewDataset.first(
                                List.of(
                                        SourceFile.of(
                                                sample.name(), sample.sizeBytes(), sample.csv())),
                                DatasetOptions.NONE),
                        DatasetAnswer.wish(key, prefer)));
    }

    @GetMapping("/builtin")
    @Operation(summary = "List the built-in samples")
    Builtins builtins() {
        return new Builtins(Sample.ALL);
    }

    @GetMapping
    @Operation(summary = "List data sets, newest first")
    Page<DatasetView> list(
            @RequestParam(defaultValue = PageRequest.DEFAULT_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        var page = PageRequest.of(limit, cursor);
        var found = datasets.page(page.after(), page.fetchSize());
        return page.page(
                found.stream().map(DatasetView::of).toList(),
                view -> new Cursor(view.createdAt(), view.id()));
    }

    @GetMapping("/{id}")
    @Operation(summary = "A data set and its columns")
    DatasetView get(@PathVariable String id) {
        return DatasetView.of(datasets.entry(DatasetId.parse(id)));
    }

    @GetMapping("/{id}/report")
    @Operation(summary = "What the data is like, column by column")
    Report report(@PathVariable String id) {
        return json.readValue(datasets.report(DatasetId.parse(id)), Report.class);
    }

    @GetMapping("/{id}/file")
    @Operation(summary = "Download a file as it was uploaded; index counts them from 0")
    @ApiResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
                            schema = @Schema(type = "string", format = "binary")))
    ResponseEntity<Resource> file(
            @PathVariable String id, @RequestParam(defaultValue = "0") int index)
            throws IOException {
        var dataset = datasets.require(DatasetId.parse(id));
        var files = dataset.files();
        if (index < 0 || index >= files.size()) {
            throw new ProblemException(
                    ProblemCode.NOT_FOUND,
                    "there is no file %d; data set %s has the files 0 to %d"
                            .formatted(index, id, files.size() - 1));
        }
        var file = files.get(index);
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .contentLength(file.blob().sizeBytes())
                .eTag(file.blob().hash().hex())
                .header("Repr-Digest", ContentDigest.header(file.blob().hash().hex()))
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename(file.name(), StandardCharsets.UTF_8)
                                .build()
                                .toString())
                .body(new InputStreamResource(datasets.file(file)));
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Delete a data set and give its bytes back")
    void delete(@PathVariable String id) {
        datasets.delete(DatasetId.parse(id));
    }
}
