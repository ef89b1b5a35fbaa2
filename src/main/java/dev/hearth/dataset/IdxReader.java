package dev.hearth.dataset;

import dev.hearth.dataset.image.ImageMode;
import dev.hearth.dataset.image.Picture;
import dev.hearth.storage.Scratch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Reads MNIST's own files: pictures, labels, or both, as they are or compressed by gzip. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE) // looks into what is compressed
class IdxReader implements DatasetReader {

    private static final String LABEL = ImageFolderReader.LABEL;
    private static final int PICTURES_A_REPORT = 1024;

    private final Scratch scratch;
    private final ImageSettings limits;
    private final DatasetSettings tableLimits;
    private final TableReader tables;

    IdxReader(
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
        return "IDX files of pictures and labels, as MNIST's";
    }

    @Override
    public boolean reads(List<SourceFile> files) {
        return files.size() <= 2 && files.stream().allMatch(IdxFile::isOne);
    }

    @Override
    public Prepared prepare(
            List<SourceFile> files, DatasetOptions options, PreparationProgress progress)
            throws IOException {
        options.checked();
        IdxFile images = null;
        IdxFile labels = null;
        for (SourceFile file : files) {
            IdxFile idx = IdxFile.of(file, limits);
            requireRows(idx);
            if (idx.isLabels() && labels == null) {
                labels = idx;
            } else if (idx.isImages() && images == null) {
                images = idx;
            } else {
                throw idx.problem(
                        "has the shape %s of %s; expected one file of pictures, U8 [n, height, width] or [n, channels, height, width] with 1 or 3 channels, and one of labels, whole numbers [n]"
                                .formatted(idx.shape(), idx.type()));
            }
        }
        if (images != null && labels != null && images.rows() != labels.rows()) {
            throw images.problem(
                    "has %,d pictures, but %s has %,d labels; send the two files that belong together"
                            .formatted(images.rows(), labels.name(), labels.rows()));
        }
        if (images == null) {
            return table(Objects.requireNonNull(labels), options);
        }
        return withImages(images, labels, options, progress, files);
    }

    private void requireRows(IdxFile file) {
        if (file.rows() > tableLimits.maxRows()) {
            throw file.problem(
                    "has %,d rows; this service takes at most %,d"
                            .formatted(file.rows(), tableLimits.maxRows()));
        }
    }

    private Prepared withImages(
            IdxFile images,
            @Nullable IdxFile labels,
            DatasetOptions options,
            PreparationProgress progress,
            List<SourceFile> files)
            throws IOException {
        long sizeBytes = files.stream().mapToLong(SourceFile::sizeBytes).sum();
        ImageColumn column = column(images, options.imageOptions(), progress);
        return ImageTable.keeping(
                column,
                () -> {
                    progress.at(0.99, "writing the table");
                    Prepared table = labels == null ? noTable() : table(labels, options);
                    try (var rows = MappedTable.open(table)) {
                        var names =
                                new ImageReport.Names(
                                        row -> "row " + row,
                                        row ->
                                                labels == null
                                                        ? ""
                                                        : rows.text(LABEL, row).orElse(""));
                        ImageReport report =
                                ImageReport.of(
                                        ImageTable.imageColumn(table.columns()),
                                        column,
                                        names,
                                        List.of(),
                                        0,
                                        List.of());
                        return ImageTable.joined(table, column, report, sizeBytes);
                    } catch (IOException | RuntimeException e) {
                        table.close();
                        throw e;
                    }
                });
    }

    private ImageColumn column(IdxFile images, ImageOptions options, PreparationProgress progress)
            throws IOException {
        var statistics = new PixelStatistics();
        var hash = new PictureHash();
        ImageMode own = images.channels() == 1 ? ImageMode.L : ImageMode.RGB;
        try (var in = images.open();
                var writer =
                        new ImageColumnWriter(scratch, limits.maxDecoded().toBytes(), progress)) {
            for (long row = 0; row < images.rows(); row++) {
                if (row % PICTURES_A_REPORT == 0) {
                    progress.at((double) row / images.rows(), "reading pictures");
                }
                byte[] values = images.next(in, images.rowBytes());
                Picture picture =
                        new Picture(own, images.height(), images.width(), values)
                                .in(options.wantedMode().orElse(own));
                statistics.add(picture);
                writer.add(picture, hash.of(picture));
            }
            images.requireEnd(in);
            return writer.finish(options.wantedMode(), statistics);
        }
    }

    /** A file with no tensor, since pictures have a file of their own. */
    private Prepared noTable() throws IOException {
        Path file = scratch.newFile();
        try (var out = FileChannel.open(file, StandardOpenOption.WRITE)) {
            BlockFile.writeHeader(out, new LinkedHashMap<>());
        }
        return new Prepared(
                file, Map.of(), 0, List.of(), new Report(0, 0, 0, null, List.of(), null, null));
    }

    private Prepared table(IdxFile labels, DatasetOptions options) throws IOException {
        Map<String, JsonNode> types = options.columnsOver(Map.of());
        try (var in = labels.open()) {
            Iterator<List<String>> rows =
                    LongStream.range(0, labels.rows())
                            .mapToObj(_ -> List.of(String.valueOf(labels.nextLabel(in))))
                            .iterator();
            Prepared table =
                    CsvLines.table(
                            List.of(LABEL), rows, DatasetOptions.ofColumns(types), tables, scratch);
            try {
                labels.requireEnd(in);
                return table;
            } catch (IOException | RuntimeException e) {
                table.close();
                throw e;
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
