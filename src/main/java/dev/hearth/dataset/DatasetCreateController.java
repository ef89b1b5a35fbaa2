package dev.hearth.dataset;

import dev.hearth.http.JsonBody;
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
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartHttpServletRequest;

/** How data sets are made, over HTTP. */
@RestController
@RequestMapping("/v1/datasets")
@Tag(name = "Data sets")
class DatasetCreateController {

    static final String CREATE =
            "Upload files as a form or one as the body, or name uploads or a built-in sample in JSON";

    /**
     * What to make a data set of.
     *
     * @param builtin a sample's name
     * @param uploads or files that arrived in parts, in their order
     * @param options how they are read
     */
    record CreateRequest(
            @Nullable String builtin,
            @Nullable List<String> uploads,
            @Nullable DatasetOptions options) {}

    /** The form of an upload. */
    @Schema(requiredProperties = "file")
    record UploadForm(
            @Schema(type = "string", format = "binary", description = "A CSV file in UTF-8.")
                    String file,
            @Nullable DatasetOptions options) {}

    private final DatasetUpload upload;
    private final PartedUpload parted;
    private final DatasetAnswer answer;
    private final JsonBody bodies;

    DatasetCreateController(
            DatasetUpload upload, PartedUpload parted, DatasetAnswer answer, JsonBody bodies) {
        this.upload = upload;
        this.parted = parted;
        this.answer = answer;
        this.bodies = bodies;
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
                        NewDataset.first(
                                form.files(), form.options(), DatasetAnswer.intake(request)),
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
                                                    @Schema(implementation = CreateRequest.class))))
    @ApiResponse(responseCode = "201")
    @ApiResponse(responseCode = "202", description = DatasetAnswer.LATER)
    ResponseEntity<DatasetView> create(
            @RequestBody byte[] body,
            @Parameter(hidden = true) HttpServletRequest http,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestHeader(name = "Prefer", required = false) @Nullable String prefer)
            throws IOException {
        var request = bodies.read(body, CreateRequest.class);
        var options = request.options() == null ? DatasetOptions.NONE : request.options();
        var wish = DatasetAnswer.wish(key, prefer);
        var intake = DatasetAnswer.intake(http);
        var name = request.builtin();
        if ((name == null) == (request.uploads() == null)) {
            throw ProblemException.at(
                    ProblemCode.INVALID_DATASET,
                    "/builtin",
                    (name == null ? "missing" : "both a sample and uploads")
                            + "; name a sample of GET /v1/datasets/builtin, or /uploads of POST"
                            + " /v1/uploads, or upload a file as multipart/form-data");
        }
        if (request.uploads() != null) {
            return answer.of(
                    parted.upload(
                            "POST /v1/datasets",
                            UploadList.parse(request.uploads()),
                            options,
                            files -> NewDataset.first(files, options, intake),
                            wish));
        }
        var sample = Sample.require(String.valueOf(name));
        intake.room().add(sample.sizeBytes());
        return answer.of(
                upload.upload(
                        NewDataset.first(
                                List.of(
                                        SourceFile.of(
                                                sample.name(),
                                                sample.sizeBytes(),
                                                sample.content())),
                                options,
                                intake),
                        wish));
    }
}
