package dev.hearth.run;

import dev.hearth.http.Cursor;
import dev.hearth.http.Page;
import dev.hearth.http.PageRequest;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Training runs over HTTP. */
@RestController
@Tag(name = "Runs", description = "Train models")
class RunController {

    private final Runs runs;
    private final RunTable table;
    private final RunSubmission submission;
    private final RunDeletion deletion;
    private final RunViews views;

    RunController(
            Runs runs,
            RunTable table,
            RunSubmission submission,
            RunDeletion deletion,
            RunViews views) {
        this.runs = runs;
        this.table = table;
        this.submission = submission;
        this.deletion = deletion;
        this.views = views;
    }

    @PostMapping(path = "/v1/runs", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Check a specification and queue its training run",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(ref = SpecificationSchema.NAME))))
    @ApiResponse(responseCode = "202")
    ResponseEntity<RunView> submit(
            @RequestBody byte[] body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        RunId id = submission.submit(body, Optional.ofNullable(key));
        return ResponseEntity.accepted()
                .location(URI.create("/v1/runs/" + id))
                .body(views.of(runs.require(id)));
    }

    @GetMapping("/v1/runs")
    @Operation(summary = "List runs, newest first")
    Page<RunView> list(
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(defaultValue = "50") int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        PageRequest page = PageRequest.of(limit, cursor);
        List<Run> found =
                table.page(
                        page.after(),
                        Optional.ofNullable(state).map(RunController::state),
                        page.fetchSize());
        return page.page(views.of(found), view -> new Cursor(view.createdAt(), view.id()));
    }

    @GetMapping("/v1/runs/{id}")
    @Operation(summary = "A run's state, progress and last metrics")
    RunView get(@PathVariable String id) {
        return views.of(runs.require(RunId.parse(id)));
    }

    @DeleteMapping("/v1/runs/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary =
                    "Delete a run that has ended, and give its checkpoints' bytes back; models made of it"
                            + " stay")
    void delete(@PathVariable String id) {
        deletion.delete(RunId.parse(id));
    }

    private static RunState state(String text) {
        return Arrays.stream(RunState.values())
                .filter(state -> state.text().equals(text))
                .findFirst()
                .orElseThrow(() ->
                        ProblemException.at(
                                ProblemCode.INVALID_PARAMETER,
                                "state",
                                "expected one of "
                                        + Arrays.stream(RunState.values())
                                                .map(RunState::text)
                                                .toList()));
    }
}
