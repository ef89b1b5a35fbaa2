package dev.hearth.dataset;

import dev.hearth.storage.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.springframework.stereotype.Component;

/** Makes a table of a CSV file, in two readings of it and with flat memory. */
@Component
class Preparation {

    private final Scratch scratch;
    private final DatasetSettings limits;

    Preparation(Scratch scratch, DatasetSettings limits) {
        this.scratch = scratch;
        this.limits = limits;
    }

    /** A table that is not kept yet; closing it deletes its file. */
    record Prepared(Path table, long rows, List<Column> columns, Report report)
            implements AutoCloseable {
        Prepared {
            columns = List.copyOf(columns);
        }

        @Override
        public void close() throws IOException {
            Files.deleteIfExists(table);
        }
    }

    /**
     * @throws dev.hearth.problem.ProblemException with all that is wrong; nothing is left behind
     */
    Prepared prepare(CsvSource source, long sizeBytes, DatasetOptions.Reading options)
            throws IOException {
        var schema = new SchemaReading(options, limits).read(source);
        var table = scratch.newFile();
        try {
            var reading = new TableReading(schema);
            reading.write(source, options.delimiter(), table);
            return new Prepared(
                    table,
                    schema.rows(),
                    schema.columns(),
                    Report.of(schema, reading.summaries(), sizeBytes));
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(table);
            throw e;
        }
    }
}
