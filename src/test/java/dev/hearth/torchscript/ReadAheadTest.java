package dev.hearth.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.hearth.spec.BlockInput;
import dev.hearth.spec.Limits;
import dev.hearth.spec.ModelCheck;
import dev.hearth.spec.Shape;
import dev.hearth.spec.SpecReader;
import dev.hearth.spec.TrainingRequest;
import dev.hearth.spec.TransformSpec;
import dev.hearth.tensorfile.ElementType;
import dev.hearth.train.LearningRates;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class ReadAheadTest {

    private static final int ROWS = 22;
    private static final int BATCH = 4;
    private static final int BATCHES = 6;
    private static final long PLENTY = Long.MAX_VALUE;
    private static final String SPECIFICATION =
            """
            {"input_shape": [1, 6, 6], "loss": "CrossEntropyLoss", "optimizer": "Adam", "epochs": 2,
             "batch_size": 4,
             "model": {"layers": [{"type": "Flatten"}, {"type": "Linear", "out_features": 3}]}}
            """;

    @TempDir Path folder;

    @Test
    void whatIsLearntIsTheSameWhetherRowsAreReadAheadOrNot() throws IOException {
        assertThat(trained(equalImages(), 0)).isEqualTo(trained(equalImages(), PLENTY));
    }

    @Test
    void ofImagesThatDifferInSizeAsWell() throws IOException {
        assertThat(trained(variedImages(), 0)).isEqualTo(trained(variedImages(), PLENTY));
    }

    @Test
    void eachRowOfAnEpochIsFoundOnceInTheFile() throws IOException {
        for (Images images : List.of(equalImages(), variedImages())) {
            try (var program = program(images, 0)) {
                program.startEpoch();
                long[][] spans = program.spans(0, BATCHES);
                Arrays.sort(spans, Comparator.comparingLong(span -> span[0]));
                assertThat(Arrays.stream(spans).map(span -> List.of(span[0], span[1])))
                        .containsExactlyElementsOf(images.spans());
                assertThat(program.spans(1, 2)).hasDimensions(BATCH, 2);
            }
        }
    }

    @Test
    void aFileThatFitsInMemoryIsLeftToTheSystem() {
        assertThat(ReadAhead.of(new ReadAhead.Mapping(4096, 1000), 2000)).isEmpty();
    }

    @Test
    void rowsAreAskedForOnceAndAsManyAheadAsTrainNow() {
        assumeThat(PageAdvice.ofSystem()).isPresent();
        var asked = new ArrayList<List<Long>>();
        ReadAhead.Rows rows =
                (first, end) -> {
                    asked.add(List.of(first, end));
                    return LongStream.range(first, end)
                            .mapToObj(batch -> new long[] {batch * 8, batch * 8 + 8})
                            .toArray(long[][]::new);
                };
        try (var arena = Arena.ofConfined()) {
            var mapping = new ReadAhead.Mapping(arena.allocate(1000).address(), 1000);
            try (var ahead = ReadAhead.of(mapping, 600).orElseThrow()) {
                ahead.startEpoch();
                ahead.beforeSteps(0, 1, 10, rows);
                ahead.beforeSteps(1, 2, 10, rows);
                ahead.beforeEvaluation();
                // Of a sixteenth of the memory, four mini-batches take nearly all.
                ahead.beforeSteps(3, 6, 10, rows);
                ahead.beforeSteps(9, 1, 10, rows);
                ahead.startEpoch();
                ahead.beforeSteps(0, 1, 10, rows);
            }
        }
        assertThat(asked)
                .containsExactly(
                        List.of(0L, 1L),
                        List.of(1L, 2L),
                        List.of(2L, 3L),
                        List.of(3L, 5L),
                        List.of(5L, 9L),
                        List.of(9L, 10L),
                        List.of(0L, 1L),
                        List.of(1L, 2L));
    }

    /** A block's file, and where its rows begin and end among the values. */
    private record Images(Path file, BlockInput input, List<List<Long>> spans) {}

    private Images equalImages() throws IOException {
        List<List<Long>> spans =
                LongStream.range(0, ROWS)
                        .mapToObj(row -> List.of(36 * row, 36 * row + 36))
                        .toList();
        var header =
                "{\"values\":{\"dtype\":\"U8\",\"shape\":[22,1,6,6],\"data_offsets\":[0,792]}}";
        return new Images(file("equal", header, noise(792)), input(6, 6), spans);
    }

    private Images variedImages() throws IOException {
        var spans = new ArrayList<List<Long>>();
        var head = ByteBuffer.allocate(8 * 23 + 16 * 22).order(ByteOrder.LITTLE_ENDIAN).putLong(0);
        long end = 0;
        for (int row = 0; row < ROWS; row++) {
            long begin = end;
            end += 8L * (6 + row);
            spans.add(List.of(begin, end));
            head.putLong(end);
        }
        for (int row = 0; row < ROWS; row++) {
            head.putLong(8).putLong(6 + row);
        }
        String header =
                ("{\"offsets\":{\"dtype\":\"I64\",\"shape\":[23],\"data_offsets\":[0,184]},"
                                + "\"sizes\":{\"dtype\":\"I64\",\"shape\":[22,2],\"data_offsets\":[184,536]},"
                                + "\"values\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[536,%d]}}")
                        .formatted(end, 536 + end);
        byte[] values = noise((int) end);
        byte[] all = ByteBuffer.allocate(536 + values.length).put(head.array()).put(values).array();
        return new Images(
                file("varied", header, all), input(BlockInput.VARIES, BlockInput.VARIES), spans);
    }

    private static BlockInput input(long height, long width) {
        return new BlockInput(
                "image",
                BlockInput.Kind.IMAGE,
                ElementType.UINT8,
                List.of(1L, height, width),
                List.of(
                        new TransformSpec.CenterCrop(new TransformSpec.Size(6, 6)),
                        new TransformSpec.ToTensor()));
    }

    private static byte[] noise(int length) {
        var noise = new byte[length];
        new Random(0).nextBytes(noise);
        return noise;
    }

    private Path file(String name, String json, byte[] data) throws IOException {
        String header = json + " ".repeat(Math.floorMod(-json.length(), 8));
        var bytes = ByteBuffer.allocate(8 + header.length() + data.length);
        bytes.order(ByteOrder.LITTLE_ENDIAN).putLong(header.length());
        bytes.put(header.getBytes(StandardCharsets.US_ASCII)).put(data);
        return Files.write(folder.resolve(name), bytes.array());
    }

    private TrainingProgram program(Images images, long memoryBytes) throws IOException {
        var program = TrainingProgram.load(source(images.input()), "cpu");
        program.initialize(0);
        program.mapBlock(images.file(), memoryBytes);
        var rows =
                new TrainingProgram.Rows(
                        longs("rows", ROWS), longs("labels", 3), Optional.empty(), ROWS);
        program.bind(rows, Optional.of(rows));
        return program;
    }

    private Path longs(String name, long modulus) throws IOException {
        var bytes = ByteBuffer.allocate(8 * ROWS).order(ByteOrder.LITTLE_ENDIAN);
        LongStream.range(0, ROWS).forEach(row -> bytes.putLong(row % modulus));
        return Files.write(folder.resolve(name), bytes.array());
    }

    /** The losses and the parameters of two epochs. */
    private List<Object> trained(Images images, long memoryBytes) throws IOException {
        var seen = new ArrayList<Object>();
        try (var program = program(images, memoryBytes)) {
            var rates =
                    new LearningRates(
                            request().spec().optimization().scheduler(),
                            source(images.input()).groups().optimizers(),
                            2,
                            2 * BATCHES);
            for (int epoch = 0; epoch < 2; epoch++) {
                seen.add(program.startEpoch());
                Sums sums = program.trainSteps(0, 1, rates.next(1), Sums.NONE);
                sums = program.trainSteps(1, 3, rates.next(3), sums);
                sums = program.trainSteps(4, 2, rates.next(2), sums);
                seen.add(sums.loss());
                seen.add(program.evaluate(5, Set.of()).sums().loss());
            }
            program.state().tensors().values().forEach(tensor -> seen.add(tensor.bytes()));
        }
        return seen;
    }

    private static TrainingRequest request() {
        return new SpecReader(Limits.DEFAULT)
                .read(JsonMapper.shared().readTree(SPECIFICATION), TrainingRequest.Purpose.CHECK);
    }

    private static TrainingProgram.Source source(BlockInput input) {
        var spec = request().spec();
        var plan =
                new ModelCheck(Limits.DEFAULT)
                        .check(spec, ModelCheck.Data.unknown(Shape.of(1, 6, 6)))
                        .plan();
        return new TrainingProgram.Source(
                plan,
                input,
                spec.loss(),
                spec.optimization(),
                new TrainingProgram.Batches(BATCH, true, false),
                input.transforms());
    }
}
