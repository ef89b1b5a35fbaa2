package dev.hearth.dataset;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.storage.Scratch;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Reads archives of pictures and a table that names them, which may be in several files: one column
 * says which picture a row is about, by its name in the archive, with or without folders and
 * extension. The rows keep the table's order and their other columns.
 */
@Component
class ImageListReader implements DatasetReader {

    private static final String FILE_COLUMN = "/images/file_column";

    private final Scratch scratch;
    private final ImageSettings limits;
    private final TableReader tables;

    ImageListReader(Scratch scratch, ImageSettings limits, TableReader tables) {
        this.scratch = scratch;
        this.limits = limits;
        this.tables = tables;
    }

    @Override
    public String wants() {
        return "zip archives of pictures with a CSV file of their names and labels";
    }

    @Override
    public boolean reads(List<SourceFile> files) {
        List<SourceFile> others = files.stream().filter(file -> !isArchive(file)).toList();
        return others.size() < files.size() && !others.isEmpty() && tables.reads(others);
    }

    private static boolean isArchive(SourceFile file) {
        return ImageFolderReader.isOrClaimsToBeAnArchive(file);
    }

    @Override
    public Prepared prepare(
            List<SourceFile> files, DatasetOptions options, PreparationProgress progress)
            throws IOException {
        options.checked();
        long sizeBytes = files.stream().mapToLong(SourceFile::sizeBytes).sum();
        List<SourceFile> zips = files.stream().filter(ImageListReader::isArchive).toList();
        List<SourceFile> lists = files.stream().filter(file -> !isArchive(file)).toList();
        try (var archives = ImageArchives.open(zips, limits, scratch, progress);
                var listed = list(lists, options, archives, progress)) {
            List<ImageSource> sources = listed.sources(archives);
            var decoded =
                    new ImageDecoding(limits, options.imageOptions(), limits.budget(sizeBytes))
                            .decode(sources, scratch, progress);
            return ImageTable.keeping(
                    decoded.column(),
                    () -> {
                        progress.at(0.99, "writing the table");
                        var names =
                                new ImageReport.Names(
                                        row -> sources.get(decoded.kept().get(row)).name(),
                                        listed.labels(decoded.kept()));
                        var report =
                                ImageReport.of(
                                        ImageTable.imageColumn(listed.table().columns()),
                                        decoded.column(),
                                        names,
                                        decoded.undecodable(),
                                        decoded.undecodableCount(),
                                        archives.ignored());
                        Prepared table =
                                decoded.kept().size() == sources.size()
                                        ? listed.take()
                                        : listed.only(decoded.kept(), options, tables, scratch);
                        return ImageTable.joined(table, decoded.column(), report, sizeBytes);
                    });
        }
    }

    private ListedTable list(
            List<SourceFile> lists,
            DatasetOptions options,
            ImageArchives archives,
            PreparationProgress progress)
            throws IOException {
        String declared = options.imageOptions().fileColumn();
        if (declared != null) {
            try {
                return new ListedTable(
                        table(lists, withNames(options, declared), progress), declared);
            } catch (ProblemException e) {
                throw atItsOption(e, declared);
            }
        }
        Prepared prepared = table(lists, options, progress);
        String found;
        try (var table = MappedTable.open(prepared)) {
            found = found(prepared, table, ListedTable.byName(archives));
        } catch (IOException | RuntimeException e) {
            prepared.close();
            throw e;
        }
        boolean isText =
                prepared.columns().stream()
                        .anyMatch(column ->
                                column.name().equals(found) && column.type() == ColumnType.TEXT);
        if (isText) {
            return new ListedTable(prepared, found);
        }
        prepared.close();
        return new ListedTable(table(lists, withNames(options, found), progress), found);
    }

    /** A column that is not there was named by the option, not as one of the columns. */
    private static ProblemException atItsOption(ProblemException problem, String declared) {
        return problem.violations().stream()
                .filter(each -> each.pointer().equals(DatasetOptions.pointer(declared)))
                .findFirst()
                .map(each ->
                        ProblemException.at(
                                problem.code(),
                                FILE_COLUMN,
                                "'%s': %s".formatted(declared, each.message())))
                .orElse(problem);
    }

    private Prepared table(
            List<SourceFile> lists, DatasetOptions options, PreparationProgress progress)
            throws IOException {
        progress.at(0, "reading " + lists.getFirst().name());
        return tables.prepare(lists, options, progress.quiet());
    }

    private static DatasetOptions withNames(DatasetOptions options, String column) {
        return options.withColumns(
                options.columnsOver(Map.of(column, ColumnOptions.word(ColumnType.TEXT))));
    }

    private static String found(
            Prepared prepared, Table table, Map<String, Optional<ImageSource>> byName) {
        List<String> words =
                prepared.columns().stream()
                        .filter(column ->
                                switch (column.type()) {
                                    case TEXT, CATEGORICAL -> true;
                                    case NUMERIC, INTEGER, BOOLEAN, IMAGE, TENSOR -> false;
                                })
                        .map(Column::name)
                        .toList();
        for (String column : words) {
            Optional<String> first = table.text(column, 0);
            if (first.isPresent() && ListedTable.lookedUp(byName, first.get()).isPresent()) {
                return column;
            }
        }
        throw ProblemException.at(
                ProblemCode.INVALID_DATASET,
                FILE_COLUMN,
                "no column of the table has the name of a picture in its first row, such as %s; name the"
                                .formatted(byName.keySet().iterator().next())
                        + " column of the names in the options: {\"images\": {\"file_column\": …}}");
    }
}
