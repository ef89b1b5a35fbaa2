package dev.hearth.dataset;

import dev.hearth.http.Owner;
import dev.hearth.storage.Reservations;
import dev.hearth.tensorfile.ElementType;
import dev.hearth.tensorfile.SafetensorsHeader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.context.ApplicationContext;

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
    public record Values(String name, ElementType type, List<Long> shape, ByteBuffer bytes) {}

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
        var tensors = new LinkedHashMap<String, SafetensorsHeader.Tensor>();
        values.forEach(each ->
                tensors.put(each.name(), new SafetensorsHeader.Tensor(each.type(), each.shape())));
        var file = Files.createTempFile(folder, "block", "");
        try (var out = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
            out.write(ByteBuffer.wrap(SafetensorsHeader.of(tensors).bytes()));
            for (var each : values) {
                out.write(each.bytes());
            }
        }
        return file;
    }
}
