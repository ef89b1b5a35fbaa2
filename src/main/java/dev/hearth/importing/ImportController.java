package dev.hearth.importing;

import dev.hearth.http.FormParts;
import dev.hearth.model.ModelVersion;
import dev.hearth.model.VersionView;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.upload.Intake;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartHttpServletRequest;
import tools.jackson.databind.json.JsonMapper;

/** Imports over HTTP. */
@RestController
@Tag(name = "Models")
class ImportController {

    private static final String SPECIFICATION = "specification";

    /** The form of an import. */
    @Schema(requiredProperties = {"file", "specification"})
    record ImportForm(
            @Schema(
                            type = "string",
                            format = "binary",
                            description =
                                    "What torch.save(model.state_dict(), …) writes, or safetensors.")
                    String file,
            @Schema(
                            type = "object",
                            description =
                                    "A name, and either a version to be like or model, loss, features"
                                            + " and target: see docs/import.md.",
                            example =
                                    "{\"name\": \"iris-imported\", \"like\": {\"name\": \"iris\","
                                            + " \"version\": 1}}")
                    Object specification) {}

    private final ModelImport imports;
    private final JsonMapper json;

    ImportController(ModelImport imports, JsonMapper json) {
        this.imports = imports;
        this.json = json;
    }

    @PostMapping(path = "/v1/models", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    @Operation(
            operationId = "modelImport",
            summary = "Import weights: a new version of the named model",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.MULTIPART_FORM_DATA_VALUE,
                                            schema = @Schema(implementation = ImportForm.class))))
    @ApiResponse(responseCode = "201")
    ResponseEntity<VersionView> importModel(
            @Parameter(hidden = true) MultipartHttpServletRequest request,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key)
            throws IOException {
        var form = new FormParts(request, SPECIFICATION);
        var file = form.file("weights.pt");
        byte[] specification =
                form.json()
                        .orElseThrow(() ->
                                ProblemException.at(
                                        ProblemCode.INVALID_REQUEST,
                                        "/" + SPECIFICATION,
                                        "missing; send it as curl does with -F 'specification={\"name\":"
                                                + " …}'"));
        ModelVersion version =
                imports.importModel(
                        specification,
                        file::getInputStream,
                        Intake.of(request),
                        Optional.ofNullable(key));
        return ResponseEntity.created(URI.create(VersionView.path(version)))
                .body(VersionView.of(version, json));
    }
}
