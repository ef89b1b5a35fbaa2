package dev.hearth.serving;

import dev.hearth.http.Also;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartHttpServletRequest;

/** Predictions over HTTP: rows in JSON or CSV, or images; answers in JSON or CSV. */
@RestController
@Tag(name = "Predictions", description = "Ask a trained model")
class PredictController {

    private static final String JSON = RequestRows.JSON;
    private static final String CSV = RequestRows.CSV;
    private static final String IMAGES = RequestRows.IMAGES;
    private static final String FORM = RequestRows.FORM;
    static final String LATEST = "/v1/models/{name}:predict";
    static final String VERSION = "/v1/models/{name}/versions/{version}:predict";

    private static final String TOP_K =
            "How many of the most probable classes to name, in falling order; all in the model's"
                    + " order without it";

    /** The answer to a request: a prediction for each row, in order. */
    @Schema(name = "PredictionAnswer")
    record Answer(String model, int version, List<Prediction> predictions) {}

    /**
     * What a client sends in JSON.
     *
     * @param rows each an object by column name; an array in the order of the model's columns will
     *     do, too
     * @param baseline with explain=integrated_gradients or occlusion, the row to compare with
     */
    @Schema(name = "PredictionRequest", requiredProperties = "rows")
    record RowsForm(List<Map<String, Object>> rows, @Nullable Map<String, Object> baseline) {}

    /** Several images in one request. */
    @Schema(requiredProperties = "file")
    record ImagesForm(
            @Schema(
                            type = "string",
                            format = "binary",
                            description =
                                    "A PNG, JPEG, BMP, GIF or WebP file; send as many of these"
                                            + " parts as there are images.")
                    String file) {}

    private final ModelReferences references;
    private final Predictor predictor;
    private final RequestRows reading;
    private final RequestPatience patience;

    PredictController(
            ModelReferences references,
            Predictor predictor,
            RequestRows reading,
            RequestPatience patience) {
        this.references = references;
        this.predictor = predictor;
        this.reading = reading;
        this.patience = patience;
    }

    @PostMapping(
            path = {LATEST, VERSION},
            params = "!explain",
            consumes = {JSON, CSV, IMAGES},
            produces = JSON)
    @Also("text/csv")
    @Explainable
    @Operation(
            summary =
                    "Predict rows with the latest version of a model, with another one, or by an alias:"
                            + " name@alias",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content = {
                                @Content(
                                        mediaType = JSON,
                                        schema = @Schema(implementation = RowsForm.class)),
                                @Content(mediaType = CSV, schema = @Schema(type = "string")),
                                @Content(
                                        mediaType = IMAGES,
                                        schema = @Schema(type = "string", format = "binary")),
                                @Content(
                                        mediaType = FORM,
                                        schema = @Schema(implementation = ImagesForm.class))
                            }))
    Answer predict(
            @PathVariable String name,
            @PathVariable(required = false) @Nullable String version,
            @RequestBody byte[] body,
            @Parameter(hidden = true) HttpServletRequest request,
            @RequestParam(name = "timeout_ms", required = false) @Nullable Integer timeoutMs,
            @RequestParam(required = false) @Nullable Integer priority,
            @RequestParam(name = RoutingKey.PARAMETER, required = false)
                    @Nullable String routingKey,
            @Parameter(description = TOP_K) @RequestParam(name = "top_k", required = false)
                    @Nullable Integer topK) {
        var chosen = chosen(name, version, routingKey);
        var top = TopClasses.of(topK, chosen.version().target());
        return answer(
                chosen,
                reading.read(chosen.version(), request, body),
                patience.of(request, timeoutMs, priority),
                top);
    }

    @PostMapping(
            path = {LATEST, VERSION},
            params = "!explain",
            consumes = {JSON, CSV, IMAGES},
            produces = CSV)
    @Hidden
    String predictAsCsv(
            @PathVariable String name,
            @PathVariable(required = false) @Nullable String version,
            @RequestBody byte[] body,
            @Parameter(hidden = true) HttpServletRequest request,
            @RequestParam(name = "timeout_ms", required = false) @Nullable Integer timeoutMs,
            @RequestParam(required = false) @Nullable Integer priority,
            @RequestParam(name = RoutingKey.PARAMETER, required = false)
                    @Nullable String routingKey,
            @RequestParam(name = "top_k", required = false) @Nullable Integer topK) {
        var predictions =
                predict(name, version, body, request, timeoutMs, priority, routingKey, topK)
                        .predictions();
        return topK == null ? PredictionCsv.write(predictions) : PredictionCsv.ranked(predictions);
    }

    @PostMapping(
            path = {LATEST, VERSION},
            params = "!explain",
            consumes = FORM,
            produces = JSON)
    @Hidden
    Answer predictImages(
            @PathVariable String name,
            @PathVariable(required = false) @Nullable String version,
            MultipartHttpServletRequest request,
            @RequestParam(name = "timeout_ms", required = false) @Nullable Integer timeoutMs,
            @RequestParam(required = false) @Nullable Integer priority,
            @RequestParam(name = RoutingKey.PARAMETER, required = false)
                    @Nullable String routingKey,
            @RequestParam(name = "top_k", required = false) @Nullable Integer topK) {
        var chosen = chosen(name, version, routingKey);
        var top = TopClasses.of(topK, chosen.version().target());
        return answer(
                chosen,
                reading.read(chosen.version(), request),
                patience.of(request, timeoutMs, priority),
                top);
    }

    private Chosen chosen(String name, @Nullable String number, @Nullable String routingKey) {
        return references.choose(
                ModelReference.of(name, number),
                Optional.ofNullable(routingKey).map(RoutingKey::new));
    }

    private Answer answer(Chosen chosen, Rows rows, Question.Patience patience, TopClasses top) {
        return new Answer(
                chosen.version().name().value(),
                chosen.version().number(),
                top.of(predictor.predict(chosen, rows, patience)));
    }
}
