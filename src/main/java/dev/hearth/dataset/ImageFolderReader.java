package dev.hearth.dataset;

import dev.hearth.problem.Violation;
import dev.hearth.storage.Scratch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * Reads archives of pictures in folders named by class, as torchvision's {@code ImageFolder}: the
 * folder that a picture is in is its class, rows are in the order of the classes and then of the
 * names, both by code point.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE) // names that lie about their archive are told here
class ImageFolderReader implements DatasetReader {

    static final String LABEL = "label";
    static final String FILE = "file";

    private final Scratch scratch;
    private final ImageSettings limits;
    private final DatasetSettings tableLimits;
    private final TableReader tables;

    ImageFolderReader(
            Scratch scratch,
            ImageSettings limits,
            DatasetSettings tableLimits,
            TableReader tables) {
        this.scratch = scratch;
        this.limits = limits;
        this.tableLimits = tableLimits;
        this.tables = tables;
    }

    @Override
    public String wants() {
        return "zip archives of pictures in folders named by class";
    }

    @Override
    public boolean reads(List<SourceFile> files) {
        return files.stream().allMatch(ImageFolderReader::isOrClaimsToBeAnArchive);
    }

    /** So that a tar called zip is told what it is. */
    static boolean isOrClaimsToBeAnArchive(SourceFile file) {
        String name = file.name().toLowerCase(Locale.ROOT);
        return file.kind() == FileKind.ZIP
                || file.kind() == FileKind.EMPTY_ZIP
                || name.endsWith(".zip")
                || name.endsWith(".tar")
                || name.endsWith(".tar.gz")
                || name.endsWith(".tgz");
    }

    @Override
    public Prepared prepare(
            List<SourceFile> files, DatasetOptions options, PreparationProgress progress)
            throws IOException {
        options.checked();
        long sizeBytes = files.stream().mapToLong(SourceFile::sizeBytes).sum();
        try (var archives = ImageArchives.open(files, limits, scratch, progress)) {
            List<ImageSource> sources = inOrder(archives);
            var decoded =
                    new ImageDecoding(limits, options.imageOptions(), limits.budget(sizeBytes))
                            .decode(sources, scratch, progress);
            return ImageTable.keeping(
                    decoded.column(),
                    () -> {
                        progress.at(0.99, "writing the table");
                        List<ImageSource> kept = decoded.kept().stream().map(sources::get).toList();
                        Prepared table = table(kept, options);
                        var names =
                                new ImageReport.Names(
                                        row -> kept.get(row).name(), row -> kept.get(row).parent());
                        var report =
                                ImageReport.of(
                                        ImageTable.imageColumn(table.columns()),
                                        decoded.column(),
                                        names,
                                        decoded.undecodable(),
                                        decoded.undecodableCount(),
                                        archives.ignored());
                        return ImageTable.joined(table, decoded.column(), report, sizeBytes);
                    });
        }
    }

    private Prepared table(List<ImageSource> rows, DatasetOptions options) throws IOException {
        var types = new LinkedHashMap<String, JsonNode>();
        types.put(LABEL, ColumnOptions.word(ColumnType.CATEGORICAL));
        types.put(FILE, ColumnOptions.word(ColumnType.TEXT));
        return CsvLines.table(
                List.of(LABEL, FILE),
                rows.stream().map(row -> List.of(row.parent(), row.name())).iterator(),
                DatasetOptions.ofColumns(options.columnsOver(types)),
                tables,
                scratch);
    }

    private List<ImageSource> inOrder(ImageArchives archives) {
        var sources = new ArrayList<>(archives.sources());
        var violations = new Violations();
        String top = commonFolder(sources);
        boolean hasFolders = sources.stream().anyMatch(source -> !source.folder().equals(top));
        var classes = new TreeSet<String>(CodePoints::compare);
        for (ImageSource source : sources) {
            String label = source.parent();
            if (label.isBlank() || (hasFolders && source.folder().equals(top))) {
                violations.add(
                        new Violation(
                                source.name(),
                                "is in no folder that is its class; move it into one, such as cat/%s, or"
                                                .formatted(source.fileName())
                                        + " send a CSV file with the pictures' names and labels along with"
                                        + " the archive"));
            } else if (label.length() > ColumnProfile.MAX_CATEGORY_CHARS) {
                violations.add(
                        new Violation(
                                source.name(),
                                "is in a folder whose name has more than %d characters; shorten it"
                                        .formatted(ColumnProfile.MAX_CATEGORY_CHARS)));
            }
            classes.add(label);
        }
        if (classes.size() > ColumnProfile.MAX_DECLARED_CATEGORIES) {
            violations.add(
                    new Violation(
                            FILE,
                            "the pictures are in %,d folders; there can be at most %,d classes"
                                    .formatted(
                                            classes.size(),
                                            ColumnProfile.MAX_DECLARED_CATEGORIES)));
        }
        if (sources.size() > tableLimits.maxRows()) {
            violations.add(
                    new Violation(
                            FILE,
                            "there are %,d pictures; this service takes at most %,d rows"
                                    .formatted(sources.size(), tableLimits.maxRows())));
        }
        violations.throwIfAny();
        sources.sort(
                Comparator.comparing(ImageSource::parent, CodePoints::compare)
                        .thenComparing(ImageSource::folder, CodePoints::compare)
                        .thenComparing(ImageSource::fileName, CodePoints::compare)
                        .thenComparing(ImageSource::name, CodePoints::compare));
        return sources;
    }

    /** The folder that all pictures are in, directly or not. */
    private static String commonFolder(List<ImageSource> sources) {
        String common = sources.getFirst().folder();
        for (ImageSource source : sources) {
            while (!common.isEmpty() && !(source.folder() + "/").startsWith(common + "/")) {
                common = common.substring(0, Math.max(0, common.lastIndexOf('/')));
            }
        }
        return common;
    }
}
