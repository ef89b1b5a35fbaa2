package dev.hearth.run;

import dev.hearth.spec.SpecReader;
import dev.hearth.spec.TrainingRequest;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.BooleanSchema;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.NumberSchema;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.stereotype.Component;

/**
 * The specification in the OpenAPI document: its fields, and an example. What each may hold is in
 * docs/specification.md; the service's own check says it, too.
 */
@Component
class SpecificationSchema implements OpenApiCustomizer {

    static final String NAME = "TrainingSpecification";

    private static final Map<String, Object> EXAMPLE =
            Map.of(
                    "name",
                    "iris",
                    "dataset",
                    "0198c0de-7d1a-7000-8000-000000000001",
                    "target",
                    "species",
                    "model",
                    Map.of(
                            "layers",
                            List.of(
                                    Map.of("type", "Linear", "out_features", 16),
                                    Map.of("type", "ReLU"),
                                    Map.of("type", "Linear", "out_features", 3))),
                    "loss",
                    "CrossEntropyLoss",
                    "optimizer",
                    Map.of("type", "Adam", "lr", 0.01),
                    "epochs",
                    100);

    @Override
    public void customise(OpenAPI document) {
        var schema = new ObjectSchema();
        schema.setDescription("What to train and how: docs/specification.md has every field.");
        schema.setRequired(List.of("model", "loss", "optimizer"));
        for (String field : SpecReader.fields()) {
            schema.addProperty(field, schema(field));
        }
        schema.setAdditionalProperties(false);
        schema.setExample(EXAMPLE);
        document.getComponents().addSchemas(NAME, schema);
    }

    /** Fields of several forms, such as a name or an object, are left open. */
    private static Schema<?> schema(String field) {
        return switch (field) {
            case "name" -> new StringSchema();
            case "dataset" -> new StringSchema().format("uuid");
            case "features" -> new ArraySchema().items(new StringSchema());
            case "input_shape" -> new ArraySchema().items(new IntegerSchema());
            case "model",
                    "split",
                    "preprocessing",
                    "scheduler",
                    "clip_grad_norm",
                    "ema",
                    "early_stopping",
                    "checkpoint" ->
                    new ObjectSchema();
            case "epochs" -> new IntegerSchema()._default(10);
            case "priority" -> priority();
            case "accumulate" -> new IntegerSchema()._default(1);
            case "clip_grad_value", "max_minutes" -> new NumberSchema();
            case "max_steps" -> new IntegerSchema().format("int64");
            case "seed" -> new IntegerSchema().format("int64")._default(0);
            case "shuffle" -> new BooleanSchema()._default(true);
            case "drop_last" -> new BooleanSchema()._default(false);
            case "device" -> new StringSchema()._default("auto");
            default -> new Schema<>();
        };
    }

    private static Schema<?> priority() {
        return new IntegerSchema()
                ._default(0)
                .minimum(BigDecimal.valueOf(TrainingRequest.LOWEST_PRIORITY))
                .maximum(BigDecimal.valueOf(TrainingRequest.HIGHEST_PRIORITY));
    }
}
