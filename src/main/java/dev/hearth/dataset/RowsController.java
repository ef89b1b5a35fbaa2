package dev.hearth.dataset;

import dev.hearth.http.Also;
import dev.hearth.http.Page;
import dev.hearth.http.PageRequest;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The rows of data sets over HTTP. */
@RestController
@Tag(name = "Data sets", description = "Upload data, and see what is in it")
class RowsController {

    private static final String PATH = "/v1/datasets/{id}/rows";

    private final Datasets datasets;

    RowsController(Datasets datasets) {
        this.datasets = datasets;
    }

    /** Rows {@code first} to {@code end − 1}. */
    private record Range(long first, long end) {

        static Range of(long rows, int limit, @Nullable String cursor) {
            var first = PageRequest.place(cursor);
            return new Range(Math.min(first, rows), Math.min(first + limit, rows));
        }

        @Nullable String next(long rows) {
            return end < rows ? String.valueOf(end) : null;
        }
    }

    @GetMapping(path = PATH, produces = MediaType.APPLICATION_JSON_VALUE)
    @Also("text/csv")
    @Operation(
            operationId = "datasetRows",
            summary = "Rows by column name, as a prediction takes them")
    Page<Map<String, @Nullable Object>> rows(
            @PathVariable String id,
            @RequestParam(defaultValue = "20") int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        return with(
                id,
                limit,
                cursor,
                (preview, range) ->
                        new Page<>(
                                preview.json(range.first(), range.end()),
                                range.next(preview.dataset().rows())));
    }

    @GetMapping(path = PATH, produces = "text/csv")
    @Hidden
    String rowsAsCsv(
            @PathVariable String id,
            @RequestParam(defaultValue = "20") int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        return with(id, limit, cursor, (preview, range) -> preview.csv(range.first(), range.end()));
    }

    private <T> T with(
            String id, int limit, @Nullable String cursor, BiFunction<Preview, Range, T> use) {
        var dataset = datasets.require(DatasetId.parse(id));
        var range = Range.of(dataset.rows(), PageRequest.of(limit, null).limit(), cursor);
        try (var table = datasets.open(dataset)) {
            return use.apply(new Preview(dataset, table), range);
        }
    }
}
