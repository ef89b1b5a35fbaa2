package dev.hearth.serving;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.hearth.model.ModelVersion;
import dev.hearth.spec.BlockInput;
import dev.hearth.spec.Shape;
import dev.hearth.spec.SpecErrors;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartHttpServletRequest;

/**
 * Predictions with what they come from. In the OpenAPI document these are parameters of {@link
 * PredictController#predict}, since one path is one call there.
 */
@RestController
@Hidden
class ExplainController {

    static final String PNG = MediaType.IMAGE_PNG_VALUE;
    private static final String EXPLAIN = "explain";

    /**
     * The answer: an explanation for each row, in order.
     *
     * @param explain the method
     * @param steps of integrated gradients
     * @param window of occlusion, of images and tensors
     * @param stride of occlusion, of images and tensors
     */
    @Schema(name = "ExplanationAnswer")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Answer(
            String model,
            int version,
            String explain,
            @Nullable Integer steps,
            @Nullable Integer window,
            @Nullable Integer stride,
            List<Explanation> explanations) {}

    private final ModelReferences references;
    private final Explainer explainer;
    private final RequestRows reading;
    private final RequestPatience patience;

    ExplainController(
            ModelReferences references,
            Explainer explainer,
            RequestRows reading,
            RequestPatience patience) {
        this.references = references;
        this.explainer = explainer;
        this.reading = reading;
        this.patience = patience;
    }

    @PostMapping(
            path = {PredictController.LATEST, PredictController.VERSION},
            params = EXPLAIN,
            consumes = {RequestRows.JSON, RequestRows.CSV, RequestRows.IMAGES},
            produces = {RequestRows.JSON, RequestRows.CSV, PNG})
    ResponseEntity<Object> explain(
            @PathVariable String name,
            @PathVariable(required = false) @Nullable String version,
            @RequestBody byte[] body,
            HttpServletRequest request) {
        Chosen chosen = chosen(name, version, request);
        return answer(chosen, reading.compared(chosen.version(), request, body), request);
    }

    @PostMapping(
            path = {PredictController.LATEST, PredictController.VERSION},
            params = EXPLAIN,
            consumes = RequestRows.FORM,
            produces = {RequestRows.JSON, RequestRows.CSV, PNG})
    ResponseEntity<Object> explainImages(
            @PathVariable String name,
            @PathVariable(required = false) @Nullable String version,
            MultipartHttpServletRequest request) {
        Chosen chosen = chosen(name, version, request);
        Rows rows = reading.read(chosen.version(), request);
        return answer(chosen, new ComparedRows(rows, Optional.empty()), request);
    }

    private Chosen chosen(String name, @Nullable String number, HttpServletRequest request) {
        return references.choose(
                ModelReference.of(name, number),
                Optional.ofNullable(request.getParameter(RoutingKey.PARAMETER))
                        .map(RoutingKey::new));
    }

    private ResponseEntity<Object> answer(
            Chosen chosen, ComparedRows asked, HttpServletRequest request) {
        Rows rows = asked.rows();
        ModelVersion version = chosen.version();
        var query = ExplainQuery.of(request);
        var form = query.form(version.input());
        var top = query.top(version.target());
        Baseline baseline = query.baseline(asked.baseline(), version.input());
        if (version.input() instanceof BlockInput block) {
            requireRoom(form, rows.count(), block.modelShape(new SpecErrors()));
        }
        var explained =
                explainer
                        .explain(
                                chosen,
                                rows,
                                baseline,
                                query.method(),
                                query.wanted(),
                                query.patience(patience))
                        .naming(top);
        return ResponseEntity.ok()
                .contentType(form.mediaType())
                .body(
                        switch (form) {
                            case JSON -> answer(version, rows, explained);
                            case CSV -> ExplanationCsv.write(explained.rows(version.input(), rows));
                            case PNG ->
                                    new HeatMap(
                                                    (BlockInput) version.input(),
                                                    explained.inputs(),
                                                    explained.attributed().values())
                                            .png();
                        });
    }

    private static void requireRoom(ExplainQuery.Form form, int rows, Shape shape) {
        switch (form) {
            case PNG -> HeatMap.requireRoom(rows, shape);
            case JSON -> Explained.requireRoom(rows, shape);
            case CSV -> {} // of columns, which are few
        }
    }

    private static Answer answer(ModelVersion version, Rows rows, Explained explained) {
        return new Answer(
                version.name().value(),
                version.number(),
                explained.method().type(),
                explained.method() instanceof ExplainMethod.IntegratedGradients(int steps)
                        ? steps
                        : null,
                explained.method() instanceof ExplainMethod.Occlusion(var window, _)
                                && window.isPresent()
                        ? window.getAsInt()
                        : null,
                explained.method() instanceof ExplainMethod.Occlusion(_, var stride)
                                && stride.isPresent()
                        ? stride.getAsInt()
                        : null,
                explained.rows(version.input(), rows));
    }
}
