package dev.hearth.dataset;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;

/** Takes a POST whose body is a file of data as it is. */
@RequestMapping(
        method = RequestMethod.POST,
        consumes = {
            RawName.CSV,
            RawName.TSV,
            RawName.NDJSON,
            RawName.JSONL,
            RawName.ZIP,
            RawName.PARQUET,
            RawName.GZIP,
            RawName.OCTETS
        })
@Operation(
        requestBody =
                @RequestBody(
                        required = true,
                        content = {
                            @Content(mediaType = RawName.CSV, schema = @Schema(type = "string")),
                            @Content(mediaType = RawName.TSV, schema = @Schema(type = "string")),
                            @Content(mediaType = RawName.NDJSON, schema = @Schema(type = "string")),
                            @Content(mediaType = RawName.JSONL, schema = @Schema(type = "string")),
                            @Content(
                                    mediaType = RawName.ZIP,
                                    schema = @Schema(type = "string", format = "binary")),
                            @Content(
                                    mediaType = RawName.PARQUET,
                                    schema = @Schema(type = "string", format = "binary")),
                            @Content(
                                    mediaType = RawName.GZIP,
                                    schema = @Schema(type = "string", format = "binary")),
                            @Content(
                                    mediaType = RawName.OCTETS,
                                    schema = @Schema(type = "string", format = "binary"))
                        }))
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface PostFile {

    @AliasFor(annotation = RequestMapping.class)
    String path();

    /** In the OpenAPI document. */
    @AliasFor(annotation = Operation.class)
    String operationId();

    @AliasFor(annotation = Operation.class)
    String summary();
}
