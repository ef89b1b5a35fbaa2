package dev.hearth.run;

import dev.hearth.dataset.RowSplit;
import dev.hearth.http.Also;
import dev.hearth.http.CsvAnswer;
import dev.hearth.http.Page;
import dev.hearth.http.PageRequest;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Which rows of its data set a run trains on, validates with and tests with. */
@RestController
@Tag(name = "Runs", description = "Train models")
class RunSplitController {

    private static final String PATH = "/v1/runs/{id}/split";
    private static final int MOST_ROWS = 100_000;

    /**
     * A row of the data set.
     *
     * @param row counted from 1
     */
    @Schema(name = "SplitRow")
    record SplitRow(
            long row, @Schema(allowableValues = {"training", "validation", "test"}) String part) {}

    private final Runs runs;
    private final RunSplits splits;

    RunSplitController(Runs runs, RunSplits splits) {
        this.runs = runs;
        this.splits = splits;
    }

    @GetMapping(path = PATH, produces = MediaType.APPLICATION_JSON_VALUE)
    @Also("text/csv")
    @Operation(
            operationId = "runSplit",
            summary = "Which rows of its data set a run trains on, validates with and tests with")
    Page<SplitRow> split(
            @PathVariable String id,
            @RequestParam(defaultValue = "1000") int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        RowSplit split = splits.of(runs.require(RunId.parse(id)));
        long first = PageRequest.place(cursor);
        List<SplitRow> rows = rows(split, first, limit);
        long end = first + rows.size();
        return new Page<>(rows, end < split.rows() ? String.valueOf(end) : null);
    }

    @GetMapping(path = PATH, produces = "text/csv")
    @Hidden
    String splitAsCsv(
            @PathVariable String id,
            @RequestParam(defaultValue = "1000") int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        RowSplit split = splits.of(runs.require(RunId.parse(id)));
        return CsvAnswer.write(
                List.of("row", "part"),
                rows(split, PageRequest.place(cursor), limit).stream()
                        .map(row -> List.of(String.valueOf(row.row()), row.part()))
                        .toList());
    }

    private static List<SplitRow> rows(RowSplit split, long first, int limit) {
        if (limit < 1 || limit > MOST_ROWS) {
            throw ProblemException.at(
                    ProblemCode.INVALID_PARAMETER,
                    "limit",
                    "expected 1 to %d, got %d".formatted(MOST_ROWS, limit));
        }
        return LongStream.range(
                        Math.min(first, split.rows()), Math.min(first + limit, split.rows()))
                .mapToObj(row -> new SplitRow(row + 1, split.partOf(row).wireName()))
                .toList();
    }
}
