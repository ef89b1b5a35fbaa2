package dev.hearth.dataset;

import io.swagger.v3.oas.annotations.Hidden;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Reports of data sets as pages, where {@code Accept: text/html} asks for one. */
@RestController
class ReportPageController {

    private final Datasets datasets;
    private final JsonMapper json;

    ReportPageController(Datasets datasets, JsonMapper json) {
        this.datasets = datasets;
        this.json = json;
    }

    @GetMapping(path = "/v1/datasets/{id}/report", produces = "text/html;charset=UTF-8")
    @Hidden
    String page(@PathVariable String id) throws IOException {
        var dataset = datasets.require(DatasetId.parse(id));
        var report = json.readValue(datasets.report(dataset.id()), Report.class);
        return new ReportPage(dataset, report, samples(dataset)).html();
    }

    private Map<String, List<String>> samples(Dataset dataset) throws IOException {
        Optional<Column> pictures =
                dataset.columns().stream()
                        .filter(column -> column.type() == ColumnType.IMAGE)
                        .findFirst();
        if (pictures.isEmpty()) {
            return Map.of();
        }
        Optional<Column> classes =
                dataset.columns().stream()
                        .filter(column ->
                                switch (column.type()) {
                                    case CATEGORICAL, INTEGER, BOOLEAN -> true;
                                    case NUMERIC, TEXT, IMAGE, TENSOR -> false;
                                })
                        .findFirst();
        String column = pictures.get().name();
        try (var table = datasets.open(dataset);
                var cells =
                        ImageCells.open(
                                datasets.block(dataset, column),
                                pictures.get().block().orElseThrow())) {
            return PictureSamples.of(cells, table, classes);
        }
    }
}
