package dev.hearth.inference;

import dev.hearth.http.ClientWatch;
import dev.hearth.inference.Inference.Named;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.serving.RoutingKey;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Inference over HTTP: JSON, with binary tensors behind it or without. */
@RestController
@Tag(
        name = InferenceController.TAG,
        description = "Models as any client of the protocol knows them")
class InferenceController {

    static final String TAG = "Open Inference Protocol V2";

    /** How many bytes of a body are JSON; binary tensors follow it. */
    static final String JSON_LENGTH = "Inference-Header-Content-Length";

    private static final String JSON = MediaType.APPLICATION_JSON_VALUE;
    private static final String BINARY = MediaType.APPLICATION_OCTET_STREAM_VALUE;

    /** A tensor as it is sent, for the document of the interface. */
    @Schema(
            name = "InferenceTensor",
            requiredProperties = {"name", "shape", "datatype"})
    record TensorForm(
            String name,
            List<Long> shape,
            Datatype datatype,
            Map<String, Object> parameters,
            @Schema(description = "Flat, or nested as the shape says; none where it is binary.")
                    List<Object> data) {}

    /** An output that is wanted. */
    @Schema(name = "InferenceRequestedOutput", requiredProperties = "name")
    record OutputForm(String name, Map<String, Object> parameters) {}

    /** A request, for the document of the interface. */
    @Schema(name = "InferenceRequest", requiredProperties = "inputs")
    record RequestForm(
            String id,
            Map<String, Object> parameters,
            List<TensorForm> inputs,
            List<OutputForm> outputs) {}

    /** An answer, for the document of the interface. */
    @Schema(
            name = "InferenceResponse",
            requiredProperties = {"model_name", "model_version", "outputs"})
    record ResponseForm(
            String modelName, String modelVersion, String id, List<TensorForm> outputs) {}

    private final Inference inference;
    private final JsonRequests requests;
    private final JsonResponses responses;
    private final ClientWatch clients;

    InferenceController(
            Inference inference,
            JsonRequests requests,
            JsonResponses responses,
            ClientWatch clients) {
        this.inference = inference;
        this.requests = requests;
        this.responses = responses;
        this.clients = clients;
    }

    @PostMapping({"/v2/models/{name}/infer", "/v2/models/{name}/versions/{version}/infer"})
    @Operation(
            summary = "Infer with the latest version of a model, with another one, or by an alias: name@alias",
            requestBody =
                    @RequestBody(
                            required = true,
                            content = {
                                @Content(
                                        mediaType = JSON,
                                        schema = @Schema(implementation = RequestForm.class)),
                                @Content(
                                        mediaType = BINARY,
                                        schema = @Schema(type = "string", format = "binary"))
                            }),
            responses =
                    @ApiResponse(
                            responseCode = "200",
                            description = "OK",
                            content = {
                                @Content(
                                        mediaType = JSON,
                                        schema = @Schema(implementation = ResponseForm.class)),
                                @Content(
                                        mediaType = BINARY,
                                        schema = @Schema(type = "string", format = "binary"))
                            }))
    void infer(
            @PathVariable String name,
            @PathVariable(required = false) @Nullable String version,
            @RequestParam(name = RoutingKey.PARAMETER, required = false) @Nullable String routingKey,
            @Parameter(hidden = true) HttpServletRequest request,
            @Parameter(hidden = true) HttpServletResponse response)
            throws IOException {
        requirePlain(request);
        Named asked = inference.named(name, version == null ? "" : version);
        byte[] body = request.getInputStream().readAllBytes();
        var answer =
                responses.write(
                        inference.infer(
                                asked,
                                read(asked, body, request.getHeader(JSON_LENGTH))
                                        .withRoutingKey(routingKey),
                                new Inference.Caller(Optional.empty(), clients.of(request))));
        if (answer.isBinary()) {
            response.setContentType(BINARY);
            response.setHeader(JSON_LENGTH, String.valueOf(answer.jsonLength()));
        } else {
            response.setContentType(JSON);
        }
        response.setContentLength(answer.bytes().length);
        response.getOutputStream().write(answer.bytes());
    }

    private InferRequest read(Named asked, byte[] body, @Nullable String header) {
        if (header == null) {
            return requests.read(body, body.length);
        }
        int jsonLength = jsonLength(header, body.length);
        return jsonLength == 0 ? inference.raw(asked.any(), body) : requests.read(body, jsonLength);
    }

    private static int jsonLength(String header, int bodyLength) {
        if (!header.matches("\\d{1,10}") || Long.parseLong(header) > bodyLength) {
            throw ProblemException.at(
                    ProblemCode.INVALID_PARAMETER,
                    JSON_LENGTH,
                    "expected how many bytes of the body are JSON, 0 to %d, got '%s'"
                            .formatted(
                                    bodyLength,
                                    header.length() > 40 ? header.substring(0, 40) : header));
        }
        return Integer.parseInt(header);
    }

    /** Clients of the protocol leave the type out, and curl has its own; only these are no JSON. */
    private static void requirePlain(HttpServletRequest request) {
        String type = request.getContentType();
        if (type != null && type.toLowerCase(Locale.ROOT).startsWith("multipart/")) {
            throw new ProblemException(
                    ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                    "The body is a form; send it as Content-Type: application/json, or"
                            + " application/octet-stream with binary tensors.");
        }
        String encoding = request.getHeader("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw new ProblemException(
                    ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                    "The body is compressed (Content-Encoding); send it as it is.");
        }
    }
}
