package dev.hearth.inference;

import dev.hearth.problem.OpenInferenceError;
import dev.hearth.problem.ProblemWriter;
import dev.hearth.serving.Admission;
import dev.hearth.serving.AdmissionFilter;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.regex.Pattern;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GrpcSettings.class)
class InferenceConfiguration {

    private static final Pattern INFER =
            Pattern.compile(
                    "/v2/models/(?<name>[^/@]+)(?:@(?<alias>[^/]+))?(?:/versions/(?<version>[1-9][0-9]{0,8}))?/infer");

    /** As that of Hearth's own interface. */
    @Bean
    FilterRegistrationBean<AdmissionFilter> inferAdmission(
            Admission admission, ProblemWriter problems) {
        var filter =
                new FilterRegistrationBean<>(
                        new AdmissionFilter("/infer", INFER, admission, problems));
        filter.setName("inferAdmission");
        filter.setOrder(2);
        return filter;
    }

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
