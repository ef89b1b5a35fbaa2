package dev.hearth.torchscript;

import dev.hearth.spec.BlockInput;
import dev.hearth.spec.Limits;
import dev.hearth.spec.ModelCheck;
import dev.hearth.spec.Shape;
import dev.hearth.spec.SpecReader;
import dev.hearth.spec.TrainingRequest;
import dev.hearth.spec.TrainingSpec;
import dev.hearth.spec.TransformSpec;
import dev.hearth.tensorfile.ElementType;
import dev.hearth.train.LearningRates;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import tools.jackson.databind.json.JsonMapper;

/**
 * An epoch on a set of images that is larger than the memory that the process may have, beside one
 * on a set that fits. It prints and asserts nothing; {@code bench/large-images.sh} runs it.
 */
final class LargeSetBench {

    private static final int SIDE = 96;
    private static final int IMAGE_BYTES = 3 * SIDE * SIDE;
    private static final int BATCH = 64;
    private static final int BATCHES_A_CALL = 50;
    private static final String SPECIFICATION =
            """
            {"input_shape": [3, 96, 96], "loss": "CrossEntropyLoss", "optimizer": "Adam", "epochs": 1,
             "batch_size": 64,
             "model": {"layers": [
               {"type": "Conv2d", "out_channels": 8, "kernel_size": 8, "stride": 8}, {"type": "ReLU"},
               {"type": "Flatten"}, {"type": "Linear", "out_features": 10}]}}
            """;

    private LargeSetBench() {}

    /**
     * @param arguments a folder, megabytes of the large set and of the small one; and {@code plain}
     *     to leave reading to the system
     */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createTempDirectory(Path.of(arguments[0]), "large");
        long memory =
                arguments.length > 3 && arguments[3].equals("plain")
                        ? Long.MAX_VALUE
                        : DeviceMemory.machineBytes();
        System.out.printf(Locale.ROOT, "memory: %,d MB%n", DeviceMemory.machineBytes() / 1_000_000);
        try {
            epoch("a set that fits", megabytes(arguments[2]), folder, memory);
            epoch("the large set", megabytes(arguments[1]), folder, memory);
        } finally {
            try (var files = Files.walk(folder)) {
                for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    private static long megabytes(String number) {
        return Long.parseLong(number) * 1_000_000;
    }

    private static void epoch(String what, long bytes, Path folder, long memory)
            throws IOException {
        long rows = bytes / IMAGE_BYTES;
        Path block = folder.resolve("block");
        long begin = System.nanoTime();
        writeImages(block, rows);
        Path numbers = writeLongs(folder.resolve("rows"), rows, false);
        Path labels = writeLongs(folder.resolve("labels"), rows, true);
        System.out.printf(
                Locale.ROOT,
                "%s: %,d images, %,d MB, written in %.0f s%n",
                what,
                rows,
                bytes / 1_000_000,
                seconds(begin));
        try (var program = TrainingProgram.load(source(), "cpu")) {
            program.initialize(0);
            program.mapBlock(block, memory);
            program.bind(
                    new TrainingProgram.Rows(numbers, labels, Optional.empty(), rows),
                    Optional.empty());
            train(what, program, rows);
        }
        Files.delete(block);
        Files.delete(numbers);
        Files.delete(labels);
    }

    private static void train(String what, TrainingProgram program, long rows) throws IOException {
        TrainingSpec spec = request().spec();
        long batches = Math.ceilDiv(rows, (long) BATCH);
        var rates =
                new LearningRates(
                        spec.optimization().scheduler(),
                        source().groups().optimizers(),
                        1,
                        batches);
        program.startEpoch();
        long read = number("/proc/self/io", "read_bytes");
        long begin = System.nanoTime();
        long heap = 0;
        long anonymous = 0;
        Sums sums = Sums.NONE;
        for (long first = 0; first < batches; first += BATCHES_A_CALL) {
            int count = (int) Math.min(BATCHES_A_CALL, batches - first);
            if (first % (40L * BATCHES_A_CALL) == 0 && first > 0) {
                System.out.printf(
                        Locale.ROOT,
                        "  %,d images, %.0f s, resident %,d MB, read %,d MB%n",
                        first * BATCH,
                        seconds(begin),
                        status("VmRSS") / 1000,
                        (number("/proc/self/io", "read_bytes") - read) / 1_000_000);
            }
            sums = program.trainSteps(first, count, rates.next(count), sums);
            anonymous = Math.max(anonymous, status("RssAnon"));
            heap = Math.max(heap, Runtime.getRuntime().totalMemory() >> 10);
        }
        double seconds = seconds(begin);
        System.out.printf(
                Locale.ROOT,
                "%s: an epoch in %.0f s, %,.0f images/s; peak memory of its own %,d MB (JVM heap"
                        + " %,d MB), peak resident with pages of the file %,d MB; read %,d MB; loss"
                        + " %.3f%n",
                what,
                seconds,
                rows / seconds,
                anonymous / 1000,
                heap / 1000,
                status("VmHWM") / 1000,
                (number("/proc/self/io", "read_bytes") - read) / 1_000_000,
                sums.meanLoss());
    }

    /** In kB. */
    private static long status(String name) throws IOException {
        return number("/proc/self/status", name);
    }

    private static long number(String file, String name) throws IOException {
        return Files.readAllLines(Path.of(file)).stream()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.replaceAll("[^0-9]", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(0);
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    private static TrainingRequest request() {
        return new SpecReader(Limits.DEFAULT)
                .read(JsonMapper.shared().readTree(SPECIFICATION), TrainingRequest.Purpose.CHECK);
    }

    private static TrainingProgram.Source source() {
        TrainingSpec spec = request().spec();
        var plan =
                new ModelCheck(Limits.DEFAULT)
                        .check(spec, ModelCheck.Data.unknown(Shape.of(3, SIDE, SIDE)))
                        .plan();
        List<TransformSpec> transforms = List.of(new TransformSpec.ToTensor());
        var input =
                new BlockInput(
                        "image",
                        BlockInput.Kind.IMAGE,
                        ElementType.UINT8,
                        List.of(3L, (long) SIDE, (long) SIDE),
                        transforms);
        return new TrainingProgram.Source(
                plan,
                input,
                spec.loss(),
                spec.optimization(),
                new TrainingProgram.Batches(BATCH, true, false),
                transforms);
    }

    /** Noise, a little brighter in classes of a higher number. */
    private static void writeImages(Path file, long rows) throws IOException {
        String json =
                "{\"values\":{\"dtype\":\"U8\",\"shape\":[%d,3,%d,%d],\"data_offsets\":[0,%d]}}"
                        .formatted(rows, SIDE, SIDE, rows * IMAGE_BYTES);
        json += " ".repeat(Math.floorMod(-json.length(), 8));
        var noise = new byte[1 << 20];
        new Random(0).nextBytes(noise);
        var length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        try (var out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            out.write(length.putLong(0, json.length()).array());
            out.write(json.getBytes(StandardCharsets.US_ASCII));
            var image = new byte[IMAGE_BYTES];
            for (long row = 0; row < rows; row++) {
                int start = (int) (row * 7919 % (noise.length - IMAGE_BYTES));
                System.arraycopy(noise, start, image, 0, IMAGE_BYTES);
                for (int i = 0; i < IMAGE_BYTES; i++) {
                    image[i] = (byte) (((image[i] & 0xFF) >> 1) + 12 * (int) (row % 10));
                }
                out.write(image);
            }
        }
    }

    private static Path writeLongs(Path file, long rows, boolean areClasses) throws IOException {
        try (var out =
                new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            for (long row = 0; row < rows; row++) {
                out.writeLong(Long.reverseBytes(areClasses ? row % 10 : row));
            }
        }
        return file;
    }
}
