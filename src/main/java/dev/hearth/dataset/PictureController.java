package dev.hearth.dataset;

import dev.hearth.dataset.image.PngEncoder;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriUtils;

/** The pictures of data sets over HTTP. */
@RestController
@Tag(name = "Data sets", description = "Upload data, and see what is in it")
class PictureController {

    private final Datasets datasets;

    PictureController(Datasets datasets) {
        this.datasets = datasets;
    }

    /** Where a cell's picture is. */
    static String link(DatasetId id, long row, String column) {
        return "/v1/datasets/%s/rows/%d/%s.png"
                .formatted(id, row, UriUtils.encodePathSegment(column, StandardCharsets.UTF_8));
    }

    @GetMapping(
            path = "/v1/datasets/{id}/rows/{row}/{column}.png",
            produces = MediaType.IMAGE_PNG_VALUE)
    @Operation(
            operationId = "datasetPicture",
            summary = "The picture in a row, counted from 0, as PNG with exactly its values")
    @ApiResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.IMAGE_PNG_VALUE,
                            schema = @Schema(type = "string", format = "binary")))
    byte[] picture(@PathVariable String id, @PathVariable String row, @PathVariable String column)
            throws IOException {
        var dataset = datasets.require(DatasetId.parse(id));
        Block block =
                dataset.column(column)
                        .filter(each -> each.type() == ColumnType.IMAGE)
                        .flatMap(Column::block)
                        .orElseThrow(() ->
                                new ProblemException(
                                        ProblemCode.NOT_FOUND,
                                        "data set %s has no column '%s' of pictures"
                                                .formatted(id, column)));
        long number = number(row);
        if (number >= dataset.rows()) {
            throw new ProblemException(
                    ProblemCode.NOT_FOUND,
                    "there is no row %s; data set %s has the rows 0 to %d"
                            .formatted(row, id, dataset.rows() - 1));
        }
        try (var cells = ImageCells.open(datasets.block(dataset, column), block)) {
            return PngEncoder.encode(cells.at(number));
        }
    }

    private static long number(String row) {
        if (!row.matches("[0-9]{1,18}")) {
            throw ProblemException.at(
                    ProblemCode.INVALID_PARAMETER, "row", "expected a whole number from 0");
        }
        return Long.parseLong(row);
    }
}
