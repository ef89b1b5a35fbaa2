package dev.hearth.serving;

import dev.hearth.http.JsonBody;
import dev.hearth.model.ModelName;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Golden rows over HTTP. */
@RestController
@RequestMapping("/v1/models/{name}/golden-rows")
@Tag(name = AliasController.TAG)
class GoldenRowsController {

    /** The golden rows of a model, in the document of the interface. */
    @Schema(name = "GoldenRowsRequest", requiredProperties = "rows")
    record RowsForm(List<RowForm> rows) {}

    /**
     * A row whose answer is known: a row, or an image.
     *
     * @param row as in a prediction: an object by column name, or an array
     * @param image the file of an image, in Base64
     */
    @Schema(name = "GoldenRow", requiredProperties = "expect")
    record RowForm(@Nullable Object row, @Nullable String image, ExpectForm expect) {}

    /**
     * What it is to be answered with: some or all that a prediction has.
     *
     * @param tolerance by how much numbers may differ; 1e-5 of the number, and of 1 at least, where
     *     it is missing
     */
    @Schema(name = "GoldenRowExpectation")
    record ExpectForm(
            @Nullable Object label,
            @Nullable Map<String, Object> labels,
            @Nullable Map<String, Double> probabilities,
            @Nullable Double value,
            @Nullable Map<String, Double> values,
            @Nullable Double tolerance) {}

    /**
     * The golden rows of a model.
     *
     * @param rows as they were sent
     */
    @Schema(name = "GoldenRows")
    record View(String model, JsonNode rows, String changedBy, Instant changedAt) {}

    private final GoldenRows golden;
    private final JsonBody json;

    GoldenRowsController(GoldenRows golden, JsonBody json) {
        this.golden = golden;
        this.json = json;
    }

    @GetMapping
    @Operation(summary = "The rows that an alias' versions have to answer as expected")
    View get(@PathVariable String name) {
        var model = new ModelName(name);
        return view(model, golden.require(model));
    }

    @PutMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Set the rows that an alias' versions have to answer as expected",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = RowsForm.class))))
    View put(@PathVariable String name, @RequestBody byte[] body) {
        var model = new ModelName(name);
        return view(model, golden.put(model, json.parse(body)));
    }

    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Ask nothing more of an alias' versions")
    void delete(@PathVariable String name) {
        golden.delete(new ModelName(name));
    }

    private static View view(ModelName model, GoldenRowsTable.Stored stored) {
        return new View(
                model.value(), stored.rows(), stored.changedBy().name(), stored.changedAt());
    }
}
