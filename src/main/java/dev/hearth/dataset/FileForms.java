package dev.hearth.dataset;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

/** Finds out how the files of data sets are written: by their first bytes and the options. */
@Service
public class FileForms {

    private final Datasets datasets;
    private final ImageSettings limits;
    private final JsonMapper json;

    FileForms(Datasets datasets, ImageSettings limits, JsonMapper json) {
        this.datasets = datasets;
        this.limits = limits;
        this.json = json;
    }

    /**
     * @throws ProblemException INVALID_STATE where it is not known any more which pictures were
     *     left out
     */
    public FileForm of(Dataset dataset) {
        try {
            DatasetEntry entry = datasets.entry(dataset.id());
            List<SourceFile> files = datasets.sent(entry).stream().map(SentFile::source).toList();
            return form(dataset, files, entry.options());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private FileForm form(Dataset dataset, List<SourceFile> files, DatasetOptions options)
            throws IOException {
        if (files.stream().allMatch(ImageFolderReader::isOrClaimsToBeAnArchive)) {
            return new FileForm.ImageFolders(left(dataset, files));
        }
        if (files.stream().allMatch(IdxFile::isOne)) {
            return idx(dataset, files);
        }
        List<SourceFile> others =
                files.stream()
                        .filter(file -> !ImageFolderReader.isOrClaimsToBeAnArchive(file))
                        .toList();
        SourceFile first = others.getFirst();
        return switch (first.kind()) {
            case SAFETENSORS -> {
                requireOne(files.size() == 1);
                yield new FileForm.Safetensors();
            }
            case NPY -> {
                List<String> names =
                        files.stream().map(file -> TensorReader.arrayName(file.name())).toList();
                requireOne(
                        names.stream().distinct().count() == names.size()
                                && files.stream().allMatch(file -> file.kind() == FileKind.NPY));
                yield new FileForm.Arrays(names);
            }
            case TEXT,
                    GZIP,
                    PARQUET,
                    ZIP,
                    EMPTY_ZIP,
                    IDX,
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
                    OLD_SPREADSHEET -> {
                if (others.size() == files.size()) {
                    yield rows(dataset, files, options);
                }
                requireOne(others.size() == 1);
                yield new FileForm.ImageList(
                        rows(dataset, first, options),
                        files.indexOf(first),
                        nameColumns(dataset, options),
                        left(dataset, files));
            }
        };
    }

    /** A script reads all files in one way, where there are several. */
    private static void requireOne(boolean isOneForm) {
        if (!isOneForm) {
            throw new ProblemException(
                    ProblemCode.INVALID_STATE,
                    "a script reads files of one form; this data set was made of files of several, or of tensors in more than one file, row after row");
        }
    }

    private FileForm.Rows rows(Dataset dataset, List<SourceFile> files, DatasetOptions options)
            throws IOException {
        FileForm.Rows first = rows(dataset, files.getFirst(), options);
        for (SourceFile file : files.subList(1, files.size())) {
            FileForm.Rows other = rows(dataset, file, options);
            // Names with spaces around them are found by a reader that strips them, plain ones too.
            if (first instanceof FileForm.Csv csv
                    && other instanceof FileForm.Csv more
                    && csv.header() == FileForm.Header.PLAIN
                    && more.header() == FileForm.Header.SPACED) {
                first = csv.spaced();
            }
            requireOne(
                    other.equals(first)
                            || (other instanceof FileForm.Csv more
                                    && more.header() == FileForm.Header.PLAIN
                                    && more.spaced().equals(first)));
        }
        return first;
    }

    private FileForm.Rows rows(Dataset dataset, SourceFile sent, DatasetOptions options)
            throws IOException {
        boolean isCompressed = sent.kind() == FileKind.GZIP;
        SourceFile file = isCompressed ? Inflated.uncounted(sent) : sent;
        if (file.kind() == FileKind.PARQUET) {
            return new FileForm.Parquet(isCompressed);
        }
        if (JsonLines.isNamedSo(file.name())) {
            return new FileForm.JsonLines(
                    encoding(file.content(), StandardCharsets.UTF_8), isCompressed);
        }
        DatasetOptions.Reading reading = options.checked();
        CsvDialect dialect = reading.dialect(file.name());
        List<String> names =
                dataset.columns().stream()
                        .filter(column -> column.block().isEmpty())
                        .map(Column::name)
                        .toList();
        return new FileForm.Csv(
                dialect.delimiter(),
                dialect.quote(),
                encoding(file.content(), dialect.encoding()),
                reading.hasHeader() ? header(file.content(), dialect, names) : FileForm.Header.NONE,
                names.size(),
                isCompressed);
    }

    /** Whether a reader that takes the first line as it is finds these names. */
    static FileForm.Header header(FileContent content, CsvDialect dialect, List<String> names)
            throws IOException {
        try (var rows = new CsvRows(content.open(), dialect, names.size() + 1)) {
            CellRow row = rows.next();
            boolean isPlain =
                    row != null
                            && row.number() == 1
                            && IntStream.range(0, Math.min(row.cells(), names.size() + 1))
                                    .mapToObj(row::text)
                                    .toList()
                                    .equals(names);
            return isPlain ? FileForm.Header.PLAIN : FileForm.Header.SPACED;
        } catch (Rows.UnreadableException e) {
            throw new IllegalStateException("the file was read before", e);
        }
    }

    /** A byte order mark of UTF-16 is believed, whatever was declared. */
    static Charset encoding(FileContent content, Charset declared) throws IOException {
        try (var in = content.open()) {
            String start = HexFormat.of().formatHex(in.readNBytes(2));
            return start.equals("fffe") || start.equals("feff")
                    ? StandardCharsets.UTF_16
                    : declared;
        }
    }

    private FileForm idx(Dataset dataset, List<SourceFile> files) throws IOException {
        int pictures = 0;
        boolean isConverted = false;
        for (SourceFile file : files) {
            IdxFile idx = IdxFile.of(file, limits);
            if (idx.isImages()) {
                pictures++;
                isConverted |= idx.channels() != channels(dataset);
            }
        }
        return new FileForm.Idx(isConverted, pictures > 1 || files.size() - pictures > 1);
    }

    private static long channels(Dataset dataset) {
        return dataset.columns().stream()
                .filter(column -> column.type() == ColumnType.IMAGE)
                .flatMap(column -> column.block().stream())
                .findFirst()
                .orElseThrow()
                .shape()
                .getFirst();
    }

    private static List<String> nameColumns(Dataset dataset, DatasetOptions options) {
        String declared = options.imageOptions().fileColumn();
        return declared != null
                ? List.of(declared)
                : dataset.columns().stream()
                        .filter(column -> column.type() == ColumnType.TEXT)
                        .map(Column::name)
                        .toList();
    }

    /** Pictures that were left out, by the names of their entries. */
    private List<String> left(Dataset dataset, List<SourceFile> files) {
        ImageReport images = json.readValue(datasets.report(dataset.id()), Report.class).images();
        if (images == null) {
            return List.of();
        }
        if (images.undecodableCount() > images.undecodable().size()) {
            throw new ProblemException(
                    ProblemCode.INVALID_STATE,
                    "%,d pictures of data set %s could not be decoded and were left out; only the first %d are known by name, so a script cannot leave out the same"
                            .formatted(
                                    images.undecodableCount(),
                                    dataset.id(),
                                    images.undecodable().size()));
        }
        long archives = files.stream().filter(file -> file.kind() == FileKind.ZIP).count();
        return images.undecodable().stream()
                .map(ImageReport.Undecodable::file)
                .map(name -> archives == 1 ? name : withoutArchive(name, files))
                .toList();
    }

    private static String withoutArchive(String name, List<SourceFile> files) {
        return files.stream()
                .map(file -> file.name() + "/")
                .filter(name::startsWith)
                .findFirst()
                .map(prefix -> name.substring(prefix.length()))
                .orElse(name);
    }
}
