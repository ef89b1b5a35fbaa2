package dev.hearth.dataset;

import dev.hearth.storage.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Makes a table of a CSV file, in two readings of it and with flat memory. */
@Component
class CsvReader implements DatasetReader {

    private final Scratch scratch;
    private final DatasetSettings limits;

    CsvReader(Scratch scratch, DatasetSettings limits) {
        this.scratch = scratch;
        this.limits = limits;
    }

    @Override
    public String wants() {
        return "a CSV file in UTF-8";
    }

    @Override
    public boolean reads(List<SourceFile> files) {
        return files.size() == 1 && files.getFirst().kind() == FileKind.TEXT;
    }

    @Override
    public Prepared prepare(
            List<SourceFile> files, DatasetOptions options, PreparationProgress progress)
            throws IOException {
        var file = files.getFirst();
        var reading = options.checked();
        progress.at(0, "reading the rows");
        var schema = new SchemaReading(reading, limits).read(file.content());
        var table = scratch.newFile();
        try {
            progress.at(0.5, "writing the table");
            var second = new TableReading(schema);
            second.write(file.content(), reading.delimiter(), table);
            progress.at(0.9, "describing the columns");
            try (var written = MappedTable.open(table, schema.rows(), schema.columns())) {
                return new Prepared(
                        table,
                        Map.of(),
                        schema.rows(),
                        schema.columns(),
                        Report.of(schema, second.summaries(), written, file.sizeBytes()));
            }
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(table);
            throw e;
        }
    }
}
