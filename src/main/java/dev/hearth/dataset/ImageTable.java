package dev.hearth.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Puts a table and its pictures together. */
final class ImageTable {

    private static final String NAME = "image";

    private ImageTable() {}

    /** What the column of pictures is called beside these. */
    static String imageColumn(List<Column> columns) {
        Set<String> taken = columns.stream().map(Column::name).collect(Collectors.toSet());
        return Stream.iterate(1, i -> i + 1)
                .map(i -> i == 1 ? NAME : NAME + "_" + i)
                .filter(name -> !taken.contains(name))
                .findFirst()
                .orElseThrow();
    }

    /**
     * The pictures come last, so that the table's columns keep their places.
     *
     * @param sizeBytes of all uploaded files
     */
    static Prepared joined(Prepared table, ImageColumn image, ImageReport report, long sizeBytes) {
        var columns = new ArrayList<>(table.columns());
        columns.add(
                new Column(
                        report.column(),
                        ColumnType.IMAGE,
                        List.of(),
                        0,
                        Optional.of(image.block())));
        return new Prepared(
                table.table(),
                Map.of(report.column(), image.file()),
                image.rows(),
                columns,
                table.report().withImages(report, image.rows(), sizeBytes));
    }

    /** Deletes what was written where the rest fails. */
    interface Step<T> {
        T run() throws IOException;
    }

    /** Runs a step, and deletes the pictures' file where it fails. */
    static <T> T keeping(ImageColumn image, Step<T> step) throws IOException {
        try {
            return step.run();
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(image.file());
            throw e;
        }
    }
}
