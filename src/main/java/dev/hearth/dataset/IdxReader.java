package dev.hearth.dataset;

import dev.hearth.dataset.image.ImageMode;
import dev.hearth.dataset.image.Picture;
import dev.hearth.storage.Scratch;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Reads MNIST's own files: pictures, labels, or both, as they are or compressed by gzip. Of several
 * files of the ones or the others, the rows follow each other.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE) // looks into what is compressed
class IdxReader implements DatasetReader {

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
        return files.stream().allMatch(IdxFile::isOne);
    }

    @Override
    public Prepared prepare(
            List<SourceFile> files, DatasetOptions options, PreparationProgress progress)
            throws IOException {
        options.checked();
        var opened = new ArrayList<IdxFile>();
        for (SourceFile file : files) {
            opened.add(IdxFile.of(file, limits));
        }
        var idx =
                IdxFiles.of(
                        opened,
                        tableLimits.maxRows(),
                        options.imageOptions().wantedMode().isPresent());
        long sizeBytes = files.stream().mapToLong(SourceFile::sizeBytes).sum();
        return idx.images().isEmpty()
                ? table(idx, options, sizeBytes)
                : withImages(idx, options, progress, sizeBytes);
    }

    private Prepared withImages(
            IdxFiles idx, DatasetOptions options, PreparationProgress progress, long sizeBytes)
            throws IOException {
        ImageColumn column = column(idx, options.imageOptions(), progress);
        boolean hasLabels = !idx.labels().isEmpty();
        return ImageTable.keeping(
                column,
                () -> {
                    progress.at(0.99, "writing the table");
                    Prepared table = hasLabels ? table(idx, options, sizeBytes) : noTable();
                    try (var rows = MappedTable.open(table)) {
                        var names =
                                new ImageReport.Names(
                                        row -> "row " + row,
                                        row ->
                                                hasLabels
                                                        ? rows.text(IdxLabels.NAME, row).orElse("")
                                                        : "");
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

    private ImageColumn column(IdxFiles idx, ImageOptions options, PreparationProgress progress)
            throws IOException {
        var statistics = new PixelStatistics();
        var hash = new PictureHash();
        try (var writer = new ImageColumnWriter(scratch, limits.maxDecoded().toBytes(), progress)) {
            idx.forEachPicture((file, values) -> {
                if (writer.rows() % PICTURES_A_REPORT == 0) {
                    progress.at((double) writer.rows() / idx.pictures(), "reading pictures");
                }
                ImageMode own = file.channels() == 1 ? ImageMode.L : ImageMode.RGB;
                Picture picture =
                        new Picture(own, file.height(), file.width(), values)
                                .in(options.wantedMode().orElse(own));
                statistics.add(picture);
                writer.add(picture, hash.of(picture));
            });
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

    private Prepared table(IdxFiles idx, DatasetOptions options, long sizeBytes)
            throws IOException {
        return tables.prepare(
                idx.labelRows(),
                sizeBytes,
                DatasetOptions.ofColumns(options.columnsOver(Map.of())).checked(),
                PreparationProgress.NONE);
    }
}
