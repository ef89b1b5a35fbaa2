package dev.hearth.dataset;

import dev.hearth.storage.Scratch;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Rows of our own, written as CSV for {@link TableReader} to make a table of, so that tables are
 * made in one way.
 */
final class CsvLines {

    private CsvLines() {}

    static Prepared table(
            List<String> names,
            Iterator<List<String>> rows,
            DatasetOptions options,
            TableReader reader,
            Scratch scratch)
            throws IOException {
        Path file = scratch.newFile();
        try {
            try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
                out.write(line(names));
                while (rows.hasNext()) {
                    out.write(line(rows.next()));
                }
            }
            var source =
                    new SourceFile(
                            "rows.csv",
                            FileKind.TEXT,
                            Files.size(file),
                            () -> Files.newInputStream(file));
            return reader.prepare(List.of(source), options, PreparationProgress.NONE);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static String line(List<String> cells) {
        return cells.stream()
                .map(cell -> '"' + cell.replace("\"", "\"\"") + '"')
                .collect(Collectors.joining(",", "", "\n"));
    }
}
