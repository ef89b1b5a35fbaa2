package dev.hearth.sweep;

import dev.hearth.http.Also;
import dev.hearth.http.CsvAnswer;
import dev.hearth.http.Cursor;
import dev.hearth.http.Identifiers;
import dev.hearth.http.Page;
import dev.hearth.http.PageRequest;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.run.PartOf;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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
import tools.jackson.databind.json.JsonMapper;

/** Sweeps over HTTP. */
@RestController
@Tag(name = "Sweeps", description = "Train many models and keep the best")
class SweepController {

    private static final PartOf.Kind KIND = PartOf.Kind.SWEEP;
    private static final String RANK = "rank";

    private final Groups groups;
    private final GroupPages pages;
    private final GroupRequests requests;
    private final Trials trials;
    private final JsonMapper json;

    SweepController(
            Groups groups,
            GroupPages pages,
            GroupRequests requests,
            Trials trials,
            JsonMapper json) {
        this.groups = groups;
        this.pages = pages;
        this.trials = trials;
        this.requests = requests;
        this.json = json;
    }

    @PostMapping(path = "/v1/sweeps", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Check every trial of a sweep, and begin it",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(ref = GroupSchemas.SWEEP))))
    @ApiResponse(responseCode = "202")
    ResponseEntity<SweepView> create(
            @RequestBody byte[] sent,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        UUID id = groups.create(requests.sweep(sent), sent, Optional.ofNullable(key));
        return ResponseEntity.accepted()
                .location(URI.create(KIND.path() + "/" + id))
                .body(view(groups.require(KIND, id)));
    }

    @GetMapping("/v1/sweeps")
    @Operation(summary = "List sweeps, newest first")
    Page<SweepView> list(
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(defaultValue = PageRequest.DEFAULT_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        return pages.page(
                KIND,
                state,
                PageRequest.of(limit, cursor),
                (group, all) -> SweepView.of(group, all, json),
                view -> new Cursor(view.createdAt(), view.id()));
    }

    @GetMapping("/v1/sweeps/{id}")
    @Operation(summary = "How far a sweep is, and its best trial so far")
    SweepView get(@PathVariable String id) {
        return view(require(id));
    }

    @GetMapping(path = "/v1/sweeps/{id}/trials", produces = MediaType.APPLICATION_JSON_VALUE)
    @Also("text/csv")
    @Operation(summary = "The trials of a sweep with their values and what came of them")
    Page<TrialView> trials(
            @PathVariable String id,
            @RequestParam(defaultValue = "number") @Schema(allowableValues = {"number", RANK})
                    String order,
            @RequestParam(defaultValue = PageRequest.DEFAULT_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        int size = PageRequest.of(limit, null).limit();
        long from = PageRequest.place(cursor);
        List<TrialView> rest = table(require(id), order).stream().skip(from).toList();
        return Page.of(
                rest.subList(0, Math.min(rest.size(), size + 1)),
                size,
                _ -> String.valueOf(from + size));
    }

    @GetMapping(path = "/v1/sweeps/{id}/trials", produces = "text/csv")
    @Hidden
    String trialsAsCsv(
            @PathVariable String id, @RequestParam(defaultValue = "number") String order) {
        RunGroup group = require(id);
        List<TrialView> table = table(group, order);
        List<String> parameters = List.copyOf(table.getFirst().parameters().keySet());
        return CsvAnswer.write(
                TrialView.header(parameters, group.rules().goal().orElseThrow()),
                table.stream().map(trial -> trial.cells(parameters)).toList());
    }

    @PostMapping("/v1/sweeps/{id}:cancel")
    @ApiResponse(responseCode = "202")
    @Operation(
            summary =
                    "Cancel a sweep: no more trials begin, and those that run end after their slices")
    ResponseEntity<SweepView> cancel(@PathVariable String id) {
        groups.cancel(KIND, id(id));
        return ResponseEntity.accepted().body(view(require(id)));
    }

    @DeleteMapping("/v1/sweeps/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary =
                    "Delete a sweep that has ended, with its runs but for the one that the model is of")
    void delete(@PathVariable String id) {
        groups.delete(KIND, id(id));
    }

    private List<TrialView> table(RunGroup group, String order) {
        List<Trial> all = trials.of(group);
        Goal goal = group.rules().goal().orElseThrow();
        Ranking ranking = Ranking.of(goal, all);
        List<TrialView> views =
                all.stream().map(trial -> TrialView.of(group, trial, goal, ranking)).toList();
        return switch (order) {
            case "number" -> views;
            case RANK ->
                    views.stream()
                            .sorted(
                                    Comparator.comparing(
                                            TrialView::rank,
                                            Comparator.nullsLast(Comparator.naturalOrder())))
                            .toList();
            default ->
                    throw ProblemException.at(
                            ProblemCode.INVALID_PARAMETER,
                            "order",
                            "expected number or rank, got '%s'".formatted(order));
        };
    }

    private SweepView view(RunGroup group) {
        return SweepView.of(group, trials.of(group), json);
    }

    private RunGroup require(String id) {
        return groups.require(KIND, id(id));
    }

    private static UUID id(String text) {
        return Identifiers.parse(text, KIND.words());
    }
}
