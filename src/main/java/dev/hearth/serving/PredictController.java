package dev.hearth.serving;

import dev.hearth.http.Also;
import dev.hearth.http.ClientWatch;
import dev.hearth.http.FormParts;
import dev.hearth.http.JsonBody;
import dev.hearth.model.ModelVersion;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.serving.Question.Patience;
import dev.hearth.spec.BlockInput;
import dev.hearth.spec.Encoding;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.multipart.MultipartHttpServletRequest;

/** Predictions over HTTP: rows in JSON or CSV, or images; answers in JSON or CSV. */
@RestController
@Tag(name = "Predictions", description = "Ask a trained model")
class PredictController {

    private static final String JSON = MediaType.APPLICATION_JSON_VALUE;
    private static final String CSV = "text/csv";
    private static final String IMAGES = "image/*";
    private static final String FORM = MediaType.MULTIPART_FORM_DATA_VALUE;
    private static final int MOST_PRIORITY = 100;
    private static final String LATEST = "/v1/models/{name}:predict";
    private static final String VERSION = "/v1/models/{name}/versions/{version}:predict";

    /** The answer to a request: a prediction for each row, in order. */
    @Schema(name = "PredictionAnswer")
    record Answer(String model, int version, List<Prediction> predictions) {}

    /**
     * What a client sends in JSON.
     *
     * @param rows each an object by column name; an array in the order of the model's columns will
     *     do, too
     */
    @Schema(name = "PredictionRequest", requiredProperties = "rows")
    record RowsForm(List<Map<String, Object>> rows) {}

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

    /** What a client sends beside the model's name. */
    @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
    private record Asked(byte[] body, HttpServletRequest request, Patience patience) {

        boolean is(String mediaType) {
            return MediaType.parseMediaType(mediaType)
                    .includes(MediaType.parseMediaType(request.getContentType()));
        }
    }

    private final ModelReferences references;
    private final Predictor predictor;
    private final JsonBody json;
    private final ClientWatch clients;

    PredictController(
            ModelReferences references,
            Predictor predictor,
            JsonBody json,
            ClientWatch clients) {
        this.references = references;
        this.predictor = predictor;
        this.json = json;
        this.clients = clients;
    }

    @PostMapping(
            path = {LATEST, VERSION},
            consumes = {JSON, CSV, IMAGES},
            produces = JSON)
    @Also("text/csv")
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
            @RequestParam(name = RoutingKey.PARAMETER, required = false) @Nullable String routingKey) {
        return answer(
                chosen(name, version, routingKey),
                new Asked(body, request, patience(request, timeoutMs, priority)));
    }

    @PostMapping(
            path = {LATEST, VERSION},
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
            @RequestParam(name = RoutingKey.PARAMETER, required = false) @Nullable String routingKey) {
        return PredictionCsv.write(
                predict(name, version, body, request, timeoutMs, priority, routingKey)
                        .predictions());
    }

    @PostMapping(
            path = {LATEST, VERSION},
            consumes = FORM,
            produces = JSON)
    @Hidden
    Answer predictImages(
            @PathVariable String name,
            @PathVariable(required = false) @Nullable String version,
            MultipartHttpServletRequest request,
            @RequestParam(name = "timeout_ms", required = false) @Nullable Integer timeoutMs,
            @RequestParam(required = false) @Nullable Integer priority,
            @RequestParam(name = RoutingKey.PARAMETER, required = false) @Nullable String routingKey) {
        return answer(
                chosen(name, version, routingKey),
                request,
                patience(request, timeoutMs, priority));
    }

    private Chosen chosen(String name, @Nullable String number, @Nullable String routingKey) {
        return references.choose(
                ModelReference.of(name, number),
                Optional.ofNullable(routingKey).map(RoutingKey::new));
    }

    private Answer answer(Chosen chosen, Asked question) {
        ModelVersion version = chosen.version();
        Rows rows =
                switch (version.input()) {
                    case Encoding encoding ->
                            table(new RowReader(encoding, version.target()), question);
                    case BlockInput block -> cells(version, block, question);
                };
        return answer(chosen, rows, question.patience());
    }

    private Answer answer(
            Chosen chosen, MultipartHttpServletRequest form, Patience patience) {
        List<MultipartFile> parts = new FormParts(form, "options").files("image.png");
        Limits.requireBatch(parts.size(), predictor.maxRows(), "/file");
        var files = new ArrayList<ImageCells.ImageFile>();
        for (int i = 0; i < parts.size(); i++) {
            try {
                files.add(new ImageCells.ImageFile("/file/" + i, parts.get(i).getBytes()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return answer(chosen, images(chosen.version()).read(files), patience);
    }

    private Answer answer(Chosen chosen, Rows rows, Patience patience) {
        return new Answer(
                chosen.version().name().value(),
                chosen.version().number(),
                predictor.predict(chosen, rows, patience));
    }

    private ImageCells images(ModelVersion version) {
        if (version.input() instanceof BlockInput block && block.kind() == BlockInput.Kind.IMAGE) {
            return new ImageCells(block, predictor.maxPixels());
        }
        throw new ProblemException(
                ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                "the model's input is no image; send its rows as JSON");
    }

    private Rows table(RowReader reader, Asked question) {
        if (question.is(IMAGES)) {
            throw new ProblemException(
                    ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                    "the model's input is columns; send rows as JSON or CSV");
        }
        return question.is(JSON)
                ? JsonRows.read(json.parse(question.body()), reader, predictor.maxRows())
                : CsvRows.read(question.body(), reader, predictor.maxRows());
    }

    private Rows cells(ModelVersion version, BlockInput input, Asked question) {
        if (question.is(IMAGES)) {
            var file = new ImageCells.ImageFile("/file", question.body());
            return images(version).read(List.of(file));
        }
        if (!question.is(JSON)) {
            throw new ProblemException(
                    ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                    "the model's input is %s, which CSV does not hold; send %sJSON"
                            .formatted(
                                    JsonCells.described(input),
                                    switch (input.kind()) {
                                        case IMAGE -> "image files, or ";
                                        case TENSOR -> "";
                                    }));
        }
        return new JsonCells(input).read(json.parse(question.body()), predictor.maxRows());
    }

    private Patience patience(
            HttpServletRequest request, @Nullable Integer timeoutMs, @Nullable Integer priority) {
        return new Patience(deadline(timeoutMs), inRange(priority), clients.of(request));
    }

    private Duration deadline(@Nullable Integer timeoutMs) {
        if (timeoutMs == null) {
            return predictor.defaultDeadline();
        }
        if (timeoutMs < 1 || timeoutMs > 600_000) {
            throw ProblemException.at(
                    ProblemCode.INVALID_PARAMETER,
                    "timeout_ms",
                    "expected 1 to 600000 milliseconds, got " + timeoutMs);
        }
        return Duration.ofMillis(timeoutMs);
    }

    private static int inRange(@Nullable Integer priority) {
        if (priority == null) {
            return 0;
        }
        if (priority < -MOST_PRIORITY || priority > MOST_PRIORITY) {
            throw ProblemException.at(
                    ProblemCode.INVALID_PARAMETER,
                    "priority",
                    "expected -%d to %d, got %d; 0 is usual, and the highest goes first"
                            .formatted(MOST_PRIORITY, MOST_PRIORITY, priority));
        }
        return priority;
    }
}
