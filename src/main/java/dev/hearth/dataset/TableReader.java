package dev.hearth.dataset;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.storage.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * Makes a table of files of rows of the same columns, one after the other, in two readings of it
 * and with flat memory.
 */
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
        return "CSV or JSON Lines files in UTF-8 (also compressed by gzip), or Parquet files, all of the same columns";
    }

    @Override
    public boolean reads(List<SourceFile> files) {
        return files.stream().allMatch(TableReader::isOfRows);
    }

    private static boolean isOfRows(SourceFile file) {
        return switch (file.kind()) {
            case TEXT, GZIP, PARQUET -> true;
            case ZIP,
                    EMPTY_ZIP,
                    IDX,
                    NPY,
                    SAFETENSORS,
                    PNG,
                    JPEG,
                    GIF,
                    BMP,
                    WEBP,
                    TIFF,
                    SVG,
                    PDF,
                    TAR,
                    OTHER_ARCHIVE,
                    OLD_SPREADSHEET ->
                    false;
        };
    }

    @Override
    public Prepared prepare(
            List<SourceFile> files, DatasetOptions options, PreparationProgress progress)
            throws IOException {
        var reading = options.checked();
        var copies = new ArrayList<Path>();
        try {
            var parts = new ArrayList<JoinedRows.Part>();
            for (var file : files) {
                progress.at(0, "reading " + file.name());
                parts.add(part(file, reading, copies));
            }
            long sizeBytes = files.stream().mapToLong(SourceFile::sizeBytes).sum();
            return prepare(JoinedRows.source(parts), sizeBytes, reading, progress);
        } finally {
            for (var copy : copies) {
                Files.deleteIfExists(copy);
            }
        }
    }

    /**
     * @param copies where the part's files go that are to be deleted in the end
     */
    private JoinedRows.Part part(SourceFile sent, DatasetOptions.Reading options, List<Path> copies)
            throws IOException {
        var file = sent.kind() == FileKind.GZIP ? inflated(sent) : sent;
        if (file.kind() == FileKind.PARQUET) {
            var copy = file.copy(scratch);
            copies.add(copy);
            return new JoinedRows.Part(sent.name(), new ParquetRows.Source(copy), false);
        }
        var rows = rows(file, options);
        return new JoinedRows.Part(
                sent.name(),
                maxCells -> new RowsAhead(rows.open(maxCells), maxCells),
                JsonLines.isNamedSo(file.name()));
    }

    private static SourceFile inflated(SourceFile sent) throws IOException {
        var file = Inflated.of(sent);
        if (file.kind() != FileKind.TEXT && file.kind() != FileKind.PARQUET) {
            throw ProblemException.at(
                    ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                    sent.name(),
                    "holds %s; compressed by gzip are CSV, JSON Lines, Parquet and IDX files, and all else is sent as it is"
                            .formatted(file.kind().words()));
        }
        return file;
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
            progress.takes(TableLayout.of(schema).sizeBytes());
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
