package dev.hearth.run;

import dev.hearth.http.JsonBody;
import dev.hearth.http.Owner;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.spec.SpecReader;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.function.Consumer;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** What users do to their runs, over HTTP. Each answers the run as it then is. */
@RestController
@Tag(name = "Runs", description = "Train models")
class RunControlController {

    private final Runs runs;
    private final RunControl control;
    private final JsonBody body;
    private final RunViews views;

    RunControlController(Runs runs, RunControl control, JsonBody body, RunViews views) {
        this.runs = runs;
        this.control = control;
        this.body = body;
        this.views = views;
    }

    /**
     * For how long a run goes on.
     *
     * @param epochs more than it has now
     */
    record Continuation(int epochs) {}

    @PostMapping("/v1/runs/{id}:cancel")
    @ApiResponse(responseCode = "202")
    @Operation(summary = "Cancel a run: at once while it waits, else after its current slice")
    ResponseEntity<RunView> cancel(@PathVariable String id) {
        return answer(id, control::cancel);
    }

    @PostMapping("/v1/runs/{id}:pause")
    @ApiResponse(responseCode = "202")
    @Operation(summary = "Let a run rest: at once while it is queued, else after its current slice")
    ResponseEntity<RunView> pause(@PathVariable String id) {
        return answer(id, control::pause);
    }

    @PostMapping("/v1/runs/{id}:resume")
    @ApiResponse(responseCode = "202")
    @Operation(summary = "Queue a paused run again; it goes on where it was")
    ResponseEntity<RunView> resume(@PathVariable String id) {
        return answer(id, control::resume);
    }

    @PostMapping("/v1/runs/{id}:retry")
    @ApiResponse(responseCode = "202")
    @Operation(
            summary =
                    "Queue a failed or cancelled run again; it goes on from its last checkpoint, if"
                            + " it has one")
    ResponseEntity<RunView> retry(@PathVariable String id) {
        return answer(id, control::retry);
    }

    @PostMapping(path = "/v1/runs/{id}:continue", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ApiResponse(responseCode = "202")
    @Operation(
            summary = "Train a finished run for more epochs; it makes another version of its model",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = Continuation.class))))
    ResponseEntity<RunView> extend(@PathVariable String id, @RequestBody byte[] sent) {
        int more = body.read(sent, Continuation.class).epochs();
        return answer(
                id,
                run -> {
                    int epochs = requireEpochs(run, more);
                    runs.requireRoom(new Owner(run.rank().owner()));
                    control.extend(run, epochs);
                });
    }

    private static int requireEpochs(Run run, int more) {
        int most = SpecReader.MAX_EPOCHS - run.progress().epochs();
        if (more < 1 || more > most) {
            throw ProblemException.at(
                    ProblemCode.INVALID_REQUEST,
                    "/epochs",
                    "expected 1 to %d more epochs, got %d".formatted(most, more));
        }
        return more;
    }

    private ResponseEntity<RunView> answer(String id, Consumer<Run> change) {
        RunId run = RunId.parse(id);
        change.accept(runs.require(run));
        return ResponseEntity.accepted().body(views.of(runs.require(run)));
    }
}
