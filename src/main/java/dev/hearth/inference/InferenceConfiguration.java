package dev.hearth.inference;

import dev.hearth.problem.OpenInferenceError;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GrpcSettings.class)
class InferenceConfiguration {

    /** What the OpenAPI document says of this protocol's errors, which are no problem documents. */
    @Bean
    OpenApiCustomizer openInferenceErrors() {
        return document -> {
            new ModelConverters(true)
                    .readAll(OpenInferenceError.class)
                    .forEach((name, schema) -> document.getComponents().addSchemas(name, schema));
            var error =
                    new ApiResponse()
                            .description("What went wrong, where, and how to mend it.")
                            .content(
                                    new Content()
                                            .addMediaType(
                                                    "application/json",
                                                    new MediaType()
                                                            .schema(
                                                                    new Schema<>()
                                                                            .$ref(
                                                                                    "#/components/schemas/OpenInferenceError"))));
            document.getPaths()
                    .forEach((path, item) -> {
                        if (path.startsWith("/v2")) {
                            item.readOperations()
                                    .forEach(each ->
                                            each.getResponses().addApiResponse("default", error));
                        }
                    });
        };
    }
}
