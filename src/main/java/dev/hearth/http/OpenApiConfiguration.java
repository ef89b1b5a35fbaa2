package dev.hearth.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import dev.hearth.problem.ProblemDocument;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.providers.ObjectMapperProvider;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

/** What the OpenAPI document says of all endpoints. */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

    static {
        // Trees of JSON are whatever a client sent, not Jackson's classes.
        SpringDocUtils.getConfig().replaceWithClass(JsonNode.class, Object.class);
        // Which is null, or its value.
        SpringDocUtils.getConfig().replaceWithClass(OptionalLong.class, Long.class);
    }

    private static final String BEARER = "bearer";
    private static final String PROBLEM = "ProblemDocument";

    @Bean
    OpenAPI openApi(HttpSettings settings) {
        return new OpenAPI()
                .info(
                        new Info()
                                .title("Hearth")
                                .description("Trains and serves PyTorch models.")
                                .version(settings.version())
                                .license(
                                        new License()
                                                .name("Apache License, Version 2.0")
                                                .identifier("Apache-2.0")))
                .servers(List.of(new Server().url("/")))
                .addSecurityItem(new SecurityRequirement())
                .addSecurityItem(new SecurityRequirement().addList(BEARER))
                .components(
                        new Components()
                                .addSecuritySchemes(
                                        BEARER,
                                        new SecurityScheme()
                                                .type(SecurityScheme.Type.HTTP)
                                                .scheme("bearer")
                                                .description(
                                                        "Needed where the service has keys"
                                                                + " (HEARTH_API_KEYS).")));
    }

    /** springdoc reads records through a mapper of its own, which knows nothing of our names. */
    @Bean
    ModelResolver snakeCaseModels(ObjectMapperProvider provider) {
        ObjectMapper mapper = provider.jsonMapper();
        return new ModelResolver(
                mapper.copy().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE));
    }

    @Bean
    OpenApiCustomizer problemSchemas(ModelResolver models) {
        return document -> {
            var converters = new ModelConverters(true);
            converters.addConverter(models);
            converters
                    .readAll(ProblemDocument.class)
                    .forEach((name, schema) -> document.getComponents().addSchemas(name, schema));
        };
    }

    @Bean
    OperationCustomizer problemsByDefault() {
        var reference = new Schema<>().$ref("#/components/schemas/" + PROBLEM);
        var content =
                new Content()
                        .addMediaType(
                                "application/problem+json", new MediaType().schema(reference));
        return (operation, _) -> {
            operation
                    .getResponses()
                    .addApiResponse(
                            "default",
                            new ApiResponse()
                                    .description("What went wrong, where, and how to mend it.")
                                    .content(content));
            return operation;
        };
    }

    /**
     * Names that stay the same whatever else there is: {@code RunController.list} is {@code
     * runList}.
     */
    @Bean
    OperationCustomizer stableNames() {
        return (operation, handler) -> {
            var own = handler.getMethodAnnotation(Operation.class);
            if (own != null && !own.operationId().isEmpty()) {
                return operation;
            }
            var controller = handler.getBeanType().getSimpleName().replace("Controller", "");
            var method = handler.getMethod().getName();
            operation.setOperationId(
                    controller.substring(0, 1).toLowerCase(Locale.ROOT)
                            + controller.substring(1)
                            + method.substring(0, 1).toUpperCase(Locale.ROOT)
                            + method.substring(1));
            return operation;
        };
    }

    @Bean
    OperationCustomizer othersBesideJson() {
        return (operation, handler) -> {
            var ok = operation.getResponses().get("200");
            var other = handler.getMethodAnnotation(Also.class);
            if (ok != null && other != null) {
                ok.getContent()
                        .addMediaType(other.value(), new MediaType().schema(new StringSchema()));
            }
            return operation;
        };
    }
}
