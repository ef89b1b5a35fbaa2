package dev.hearth.dataset;

import dev.hearth.http.Owner;
import dev.hearth.storage.Reservations;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.springframework.context.ApplicationContext;
import tools.jackson.databind.json.JsonMapper;

/** Makes data sets with a column of images or tensors out of their values. */
public record BlockSets(
        DatasetLife life,
        Reservations reservations,
        Collection<DatasetReader> readers,
        Path folder) {

    public static BlockSets in(ApplicationContext context, Path folder) {
        return new BlockSets(
                context.getBean(DatasetLife.class),
                context.getBean(Reservations.class),
                context.getBeansOfType(DatasetReader.class).values(),
                folder);
    }

    /** One tensor of a block's file. */
    public record Values(String name, Block.Dtype dtype, List<Long> shape, ByteBuffer bytes) {}

    /**
     * @param csv the other columns
     * @param values the tensors of the block's file, in its order
     * @return the data set's ID
     */
    public String create(String csv, Column column, List<Values> values) throws IOException {
        var source =
                SourceFile.of(
                        "rows.csv",
                        csv.length(),
                        () -> new ByteArrayInputStream(csv.getBytes(StandardCharsets.UTF_8)));
        var reader =
                readers.stream()
                        .filter(each -> each.reads(List.of(source)))
                        .findFirst()
                        .orElseThrow();
        try (var table =
                reader.prepare(List.of(source), DatasetOptions.NONE, PreparationProgress.NONE)) {
            var columns = new ArrayList<>(table.columns());
            columns.add(column);
            var prepared =
                    new Prepared(
                            table.table(),
                            Map.of(column.name(), write(values)),
                            table.rows(),
                            columns,
                            table.report());
            try (var room = reservations.of(Owner.DEFAULT)) {
                var intake = new NewDataset.Intake(Owner.DEFAULT, room);
                return life.create(
                                NewDataset.first(List.of(source), DatasetOptions.NONE, intake),
                                prepared)
                        .toString();
            }
        }
    }

    private Path write(List<Values> values) throws IOException {
        var header = JsonMapper.shared().createObjectNode();
        long at = 0;
        for (var each : values) {
            var tensor = header.putObject(each.name()).put("dtype", each.dtype().name());
            var shape = tensor.putArray("shape");
            each.shape().forEach(extent -> shape.add(extent.longValue()));
            tensor.putArray("data_offsets").add(at).add(at + each.bytes().remaining());
            at += each.bytes().remaining();
        }
        var json = header.toString();
        json += " ".repeat(Math.floorMod(-json.length(), 8));
        var file = Files.createTempFile(folder, "block", "");
        try (var out = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
            var length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            out.write(length.putLong(json.length()).flip());
            out.write(ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)));
            for (var each : values) {
                out.write(each.bytes());
            }
        }
        return file;
    }
}
