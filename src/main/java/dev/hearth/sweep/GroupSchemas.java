package dev.hearth.sweep;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.BooleanSchema;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.NumberSchema;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import java.math.BigDecimal;
import java.util.List;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.stereotype.Component;

/** What is sent for sweeps and cross-validations, in the OpenAPI document. */
@Component
class GroupSchemas implements OpenApiCustomizer {

    static final String SWEEP = "Sweep";
    static final String CROSS_VALIDATION = "CrossValidation";

    @Override
    public void customise(OpenAPI document) {
        add(
                document,
                SWEEP,
                "A run, and the values to try in it: docs/sweeps.md has every field.",
                SweepReader.FIELDS,
                List.of("run", "method", "parameters"));
        add(
                document,
                CROSS_VALIDATION,
                "A run, and into how many folds its rows are split: docs/sweeps.md has every field.",
                CrossValidationReader.FIELDS,
                List.of("run"));
    }

    private static void add(
            OpenAPI document,
            String name,
            String description,
            List<String> fields,
            List<String> required) {
        var schema = new ObjectSchema();
        schema.setDescription(description);
        schema.setRequired(required);
        fields.forEach(field -> schema.addProperty(field, schema(field)));
        schema.setAdditionalProperties(false);
        document.getComponents().addSchemas(name, schema);
    }

    private static Schema<?> schema(String field) {
        return switch (field) {
            case "name" ->
                    new StringSchema().description("of the model; may stand in the run instead");
            case "run" -> new Schema<>().$ref("#/components/schemas/TrainingSpecification");
            case "parameters" ->
                    new ObjectSchema()
                            .description("JSON Pointers into the run; arrays of values, or ranges");
            case "method" ->
                    new StringSchema()._enum(List.of("grid", "random", "successive_halving"));
            case "metric" -> new StringSchema()._default("validation_loss");
            case "mode" -> new StringSchema()._enum(List.of("min", "max"));
            case "trials" -> whole(1, Search.MOST_TRIALS, 10);
            case "seed" -> new IntegerSchema().format("int64")._default(0);
            case "parallelism" -> whole(1, SweepReader.MOST_PARALLEL, SweepReader.DEFAULT_PARALLEL);
            case "reduction_factor" -> whole(2, 100, 3);
            case "k_fold" -> whole(2, 100, 5);
            case "stratify" -> new BooleanSchema();
            case "test" -> new NumberSchema();
            default -> new IntegerSchema();
        };
    }

    private static Schema<?> whole(int min, int max, int otherwise) {
        return new IntegerSchema()
                ._default(otherwise)
                .minimum(BigDecimal.valueOf(min))
                .maximum(BigDecimal.valueOf(max));
    }
}
