package dev.hearth.run;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Specifications over HTTP. */
@RestController
@Tag(name = "Specifications", description = "See what a specification comes to before training it")
class SpecController {

    private final RunSubmission submission;

    SpecController(RunSubmission submission) {
        this.submission = submission;
    }

    @PostMapping(path = "/v1/specs:check", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Shapes, sizes and fit of a specification; queues nothing",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(ref = SpecificationSchema.NAME))))
    SpecCheck.Answer check(@RequestBody byte[] body) {
        return submission.check(body);
    }
}
