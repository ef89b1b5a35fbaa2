package dev.hearth.dataset;

import dev.hearth.storage.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Makes a table of a file of rows, in two readings of it and with flat memory. */
@Component
class TableReader implements DatasetReader {

    private final Scratch scratch;
    private final DatasetSettings limits;

    TableReader(Scratch scratch, DatasetSettings limits) {
        this.scratch = scratch;
        this.limits = limits;
    }

    @Override
    public String wants() {
        return "a CSV or JSON Lines file in UTF-8 (also compressed by gzip), or a Parquet file";
    }

    @Override
    public boolean reads(List<SourceFile> files) {
        return files.size() == 1
                && switch (files.getFirst().kind()) {
                    case TEXT, GZIP, PARQUET -> true;
                    case ZIP, EMPTY_ZIP, IDX, NPY, SAFETENSORS, PNG, JPEG, PDF, OLD_SPREADSHEET ->
                            false;
                };
    }

    @Override
    public Prepared prepare(
            List<SourceFile> files, DatasetOptions options, PreparationProgress progress)
            throws IOException {
        var reading = options.checked();
        var sent = files.getFirst();
        var file = sent.kind() == FileKind.GZIP ? Inflated.of(sent) : sent;
        if (file.kind() != FileKind.PARQUET) {
            RowSource rows = rows(file, reading);
            return prepare(
                    maxCells -> new RowsAhead(rows.open(maxCells), maxCells),
                    sent.sizeBytes(),
                    reading,
                    progress);
        }
        Path parquet = file.copy(scratch);
        try {
            return prepare(new ParquetRows.Source(parquet), sent.sizeBytes(), reading, progress);
        } finally {
            Files.deleteIfExists(parquet);
        }
    }

    private RowSource rows(SourceFile file, DatasetOptions.Reading options) throws IOException {
        if (JsonLines.isNamedSo(file.name())) {
            return JsonLines.source(file.content(), limits.maxColumns());
        }
        var dialect = options.dialect(file.name());
        return options.hasHeader()
                ? maxCells -> new CsvRows(file.content().open(), dialect, maxCells)
                : maxCells ->
                        new HeadlessRows(
                                new CsvRows(file.content().open(), dialect, maxCells), maxCells);
    }

    /**
     * Makes a table of rows, wherever they come from.
     *
     * @param sizeBytes of the uploaded files
     */
    Prepared prepare(
            RowSource rows,
            long sizeBytes,
            DatasetOptions.Reading options,
            PreparationProgress progress)
            throws IOException {
        progress.at(0, "reading the rows");
        var schema =
                new SchemaReading(options, limits)
                        .read(maxCells ->
                                new CountedRows(rows.open(maxCells), progress, "reading the rows"));
        var table = scratch.newFile();
        try {
            var second = new TableReading(schema);
            second.write(
                    maxCells -> new CountedRows(rows.open(maxCells), progress, "writing the table"),
                    table);
            progress.at(0.9, "describing the columns");
            try (var written = MappedTable.open(table, schema.rows(), schema.columns())) {
                return new Prepared(
                        table,
                        Map.of(),
                        schema.rows(),
                        schema.columns(),
                        Report.of(schema, second.summaries(), written, sizeBytes));
            }
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(table);
            throw e;
        }
    }
}
