package dev.hearth.run;

import dev.hearth.http.Also;
import dev.hearth.http.CsvAnswer;
import dev.hearth.http.Page;
import dev.hearth.http.PageRequest;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.spec.Evaluation;
import dev.hearth.spec.Evaluations;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What happened in a run: its events, the metrics of its epochs, and how to repeat it. */
@RestController
@Tag(name = "Runs", description = "Train models")
class RunHistoryController {

    private static final int MOST_EPOCHS = 10_000;

    private final Runs runs;
    private final RunTable table;
    private final RunScript script;

    RunHistoryController(Runs runs, RunTable table, RunScript script) {
        this.runs = runs;
        this.table = table;
        this.script = script;
    }

    @GetMapping(path = "/v1/runs/{id}/events", produces = MediaType.APPLICATION_JSON_VALUE)
    @Also(MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(summary = "What happened to a run, oldest first")
    Page<RunEvent> events(
            @PathVariable String id,
            @RequestParam(defaultValue = "50") int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        Run run = runs.require(RunId.parse(id));
        int size = PageRequest.of(limit, null).limit();
        return Page.of(
                table.events(run.id(), PageRequest.place(cursor), size + 1),
                size,
                event -> String.valueOf(event.number()));
    }

    @GetMapping(path = "/v1/runs/{id}/metrics", produces = MediaType.APPLICATION_JSON_VALUE)
    @Also("text/csv")
    @Operation(summary = "The metrics of each epoch, oldest first")
    Page<EpochRow> metrics(
            @PathVariable String id,
            @RequestParam(defaultValue = "1000") int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        Run run = runs.require(RunId.parse(id));
        if (limit < 1 || limit > MOST_EPOCHS) {
            throw ProblemException.at(
                    ProblemCode.INVALID_PARAMETER,
                    "limit",
                    "expected 1 to %d, got %d".formatted(MOST_EPOCHS, limit));
        }
        int after = (int) Math.min(PageRequest.place(cursor), Integer.MAX_VALUE);
        return Page.of(
                table.epochs(run.id(), after, limit + 1),
                limit,
                row -> String.valueOf(row.epoch()));
    }

    @GetMapping(path = "/v1/runs/{id}/metrics", produces = "text/csv")
    @Hidden
    String metricsAsCsv(@PathVariable String id) {
        Run run = runs.require(RunId.parse(id));
        List<EpochRow> rows = table.epochs(run.id(), 0, Integer.MAX_VALUE);
        var header = new ArrayList<>(List.of("epoch"));
        if (!rows.isEmpty()) {
            header.addAll(rows.getFirst().metrics().keySet());
        }
        header.add("seconds");
        return CsvAnswer.write(header, rows.stream().map(RunHistoryController::cells).toList());
    }

    @GetMapping("/v1/runs/{id}/evaluation")
    @Operation(
            summary =
                    "How good a finished run's model is over the rows that were held out: to"
                            + " validate, or to test")
    Evaluation evaluation(
            @PathVariable String id,
            @RequestParam(defaultValue = "validation")
                    @Schema(allowableValues = {"validation", "test"})
                    String part) {
        Run run = runs.require(RunId.parse(id));
        Evaluations evaluations = table.evaluations(run.id());
        Optional<Evaluation> evaluation =
                switch (part) {
                    case "validation" -> evaluations.validation();
                    case "test" -> evaluations.test();
                    default ->
                            throw ProblemException.at(
                                    ProblemCode.INVALID_PARAMETER,
                                    "part",
                                    "expected validation or test, got '%s'".formatted(part));
                };
        return evaluation.orElseThrow(() ->
                run.state() == RunState.SUCCEEDED
                        ? new ProblemException(
                                ProblemCode.NOT_FOUND,
                                "run %s held out no rows to evaluate its model with (/split/%s)"
                                        .formatted(run.id(), part))
                        : new ProblemException(
                                ProblemCode.INVALID_STATE,
                                "run %s is %s; it is evaluated when it has succeeded"
                                        .formatted(run.id(), run.state().text())));
    }

    @GetMapping(path = "/v1/runs/{id}/script.py", produces = "text/x-python;charset=UTF-8")
    @Operation(summary = "The same run in plain PyTorch, as a script")
    String script(@PathVariable String id) {
        return script.of(runs.require(RunId.parse(id)));
    }

    private static List<String> cells(EpochRow row) {
        var cells = new ArrayList<String>();
        cells.add(String.valueOf(row.epoch()));
        row.metrics().values().forEach(value -> cells.add(String.valueOf(value)));
        cells.add(String.valueOf(row.seconds()));
        return cells;
    }
}
