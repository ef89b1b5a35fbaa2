package dev.hearth.serving;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.Parameters;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says in the OpenAPI document what {@link ExplainController} makes of the same call, since one
 * path is one call there.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Parameters({
    @Parameter(
            name = "explain",
            in = ParameterIn.QUERY,
            description =
                    "Explain each prediction, too: images by a picture, or as JSON where Accept asks"
                            + " for it",
            schema =
                    @Schema(
                            type = "string",
                            allowableValues = {"gradients", "integrated_gradients", "occlusion"})),
    @Parameter(
            name = "explain_class",
            in = ParameterIn.QUERY,
            description = "The class whose output is explained; the predicted one without it",
            schema = @Schema(type = "string")),
    @Parameter(
            name = "explain_output",
            in = ParameterIn.QUERY,
            description = "The column whose output is explained, where the model has several",
            schema = @Schema(type = "string")),
    @Parameter(
            name = "steps",
            in = ParameterIn.QUERY,
            description = "Of integrated gradients: how many points of the way are looked at",
            schema =
                    @Schema(
                            type = "integer",
                            format = "int32",
                            minimum = "1",
                            maximum = "1000",
                            defaultValue = "50")),
    @Parameter(
            name = "window",
            in = ParameterIn.QUERY,
            description =
                    "Of occlusion of images and tensors: the side of what is hidden; an eighth of the"
                            + " longer side without it",
            schema = @Schema(type = "integer", format = "int32", minimum = "1")),
    @Parameter(
            name = "stride",
            in = ParameterIn.QUERY,
            description =
                    "Of occlusion of images and tensors: from one window to the next; half of one"
                            + " without it",
            schema = @Schema(type = "integer", format = "int32", minimum = "1")),
    @Parameter(
            name = "baseline",
            in = ParameterIn.QUERY,
            description =
                    "Of integrated gradients and occlusion of images: the grey to compare with, 0 for"
                            + " black, 255 for white. Zeros after the transforms without it; a row of"
                            + " one's own is a field of the body",
            schema = @Schema(type = "integer", format = "int32", minimum = "0", maximum = "255"))
})
@ApiResponse(
        responseCode = "200",
        content = {
            @Content(
                    mediaType = "application/json",
                    schema =
                            @Schema(
                                    oneOf = {
                                        PredictController.Answer.class,
                                        ExplainController.Answer.class
                                    })),
            @Content(mediaType = "image/png", schema = @Schema(type = "string", format = "binary"))
        })
@interface Explainable {}
