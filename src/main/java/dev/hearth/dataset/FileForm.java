package dev.hearth.dataset;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How the file of a data set is written, for those who read it elsewhere.
 *
 * @param isPlain whether the first line holds the columns' names as they are, without spaces around
 *     them
 */
public record FileForm(char delimiter, boolean isPlain) {

    private record Header(long line, List<String> cells) {}

    /**
     * Finds the form in which the file's first row holds these columns.
     *
     * @throws ProblemException where it is no CSV file, or has no header
     */
    static FileForm of(FileContent source, List<Column> columns) throws IOException {
        List<String> names = columns.stream().map(Column::name).toList();
        for (char delimiter : DatasetOptions.DELIMITERS.toCharArray()) {
            Optional<Header> header =
                    header(source, delimiter, names.size() + 1)
                            .filter(read ->
                                    read.cells().stream()
                                            .map(String::strip)
                                            .toList()
                                            .equals(names));
            if (header.isPresent()) {
                boolean isPlain = header.get().line() == 1 && header.get().cells().equals(names);
                return new FileForm(delimiter, isPlain);
            }
        }
        throw new ProblemException(
                ProblemCode.INVALID_STATE,
                "a script reads a CSV file in UTF-8 with a header; this data set was made of another"
                        + " form of file");
    }

    /** The first row that is not empty, if this delimiter makes one of it. */
    private static Optional<Header> header(FileContent source, char delimiter, int maxCells)
            throws IOException {
        try (var rows = new CsvRows(source.open(), CsvDialect.of(delimiter), maxCells)) {
            return Optional.ofNullable(rows.next())
                    .map(row ->
                            new Header(
                                    row.number(),
                                    IntStream.range(0, Math.min(row.cells(), maxCells))
                                            .mapToObj(row::text)
                                            .toList()));
        } catch (Rows.UnreadableException e) {
            return Optional.empty();
        }
    }
}
