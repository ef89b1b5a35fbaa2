package dev.hearth.torchscript;

import com.sun.management.ThreadMXBean;
import dev.hearth.problem.Category;
import dev.hearth.problem.ProblemException;
import dev.hearth.spec.Encoding;
import dev.hearth.spec.ImportReader;
import dev.hearth.spec.Limits;
import dev.hearth.spec.ModelPlan;
import dev.hearth.tensorfile.MappedBytes;
import dev.hearth.tensorfile.SafetensorsReader;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * What has to hold of any bytes that a reader is given: they are read or refused with a problem,
 * within bounds of time and memory, and nothing else is ever thrown.
 */
enum ReaderFuzz {
    /** The bytes are a {@code .pt} file. */
    PT {
        @Override
        byte[] file(byte[] input) {
            return input;
        }

        @Override
        Stream<byte[]> seeds() {
            return names(".pt").map(SavedFiles::bytes);
        }
    },
    /** The bytes are the pickle of a {@code .pt} file that is right in all else. */
    PICKLE {
        private static final int[] STORAGE_BYTES = {256, 64, 192, 12, 12, 12, 8, 0, 4, 96, 24, 16};

        @Override
        byte[] file(byte[] input) {
            byte[][] storages =
                    IntStream.of(STORAGE_BYTES).mapToObj(byte[]::new).toArray(byte[][]::new);
            return RawZip.pt(input, storages).build();
        }

        @Override
        Stream<byte[]> seeds() {
            return Stream.concat(
                    PT.seeds().map(ReaderFuzz::pickle),
                    Stream.of(RawPickle.pickle(RawPickle.vector())));
        }
    },
    SAFETENSORS {
        @Override
        byte[] file(byte[] input) {
            return input;
        }

        @Override
        Stream<byte[]> seeds() {
            return names(".safetensors").map(SavedFiles::bytes);
        }
    };

    private static final long MOST_BYTES = 256L << 20;
    private static final Duration LONGEST = Duration.ofSeconds(2);
    private static final long MOST_ELEMENTS_READ = 1 << 16;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final ModelPlan IRIS = iris();

    /** The whole file that an input stands for. */
    abstract byte[] file(byte[] input);

    /** Files that PyTorch wrote, to begin from. */
    abstract Stream<byte[]> seeds();

    /** How an input ended. */
    enum Outcome {
        READ,
        REFUSED
    }

    /**
     * @throws AssertionError if anything but a problem is thrown, or a bound is passed
     */
    Outcome check(byte[] input) {
        byte[] file = file(input);
        try {
            return measured(file);
        } catch (BoundPassed once) {
            // The first time also loads classes, and a fuzzer then changes them; the second only
            // reads.
            try {
                return measured(file);
            } catch (BoundPassed again) {
                throw new AssertionError(again.getMessage(), again);
            }
        }
    }

    private static Outcome measured(byte[] file) throws BoundPassed {
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long start = System.nanoTime();
        Outcome outcome = read(file);
        long nanos = System.nanoTime() - start;
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - allocated;
        if (bytes > MOST_BYTES || nanos > LONGEST.toNanos()) {
            throw new BoundPassed(
                    "a file of %d bytes took %d bytes and %d ms"
                            .formatted(file.length, bytes, nanos / 1_000_000));
        }
        return outcome;
    }

    private static final class BoundPassed extends Exception {
        private static final long serialVersionUID = 1L;

        BoundPassed(String message) {
            super(message);
        }
    }

    private static Outcome read(byte[] bytes) {
        try (var file = TensorFile.of(MappedBytes.of(bytes))) {
            file.contents().tensors().values().forEach(ReaderFuzz::readAll);
            file.weights(IRIS, "");
            return Outcome.READ;
        } catch (ProblemException e) {
            if (e.code().category() == Category.INTERNAL || e.detail().isBlank()) {
                throw new AssertionError("not an answer to a client", e);
            }
            return Outcome.REFUSED;
        }
    }

    /** Also of tensors that no model wants, as long as they are of a model's size. */
    private static void readAll(StoredTensor tensor) {
        OptionalLong elements = SafetensorsReader.elements(tensor.shape());
        if (elements.isPresent() && elements.getAsLong() <= MOST_ELEMENTS_READ) {
            for (TensorData.Type type : TensorData.Type.values()) {
                if (tensor.becomes(type)) {
                    tensor.read(type).elements();
                }
            }
        }
    }

    private static Stream<String> names(String suffix) {
        return SavedFiles.expected().keySet().stream().filter(name -> name.endsWith(suffix));
    }

    private static byte[] pickle(byte[] file) {
        try (var mapped = MappedBytes.of(file)) {
            var entry = Objects.requireNonNull(TorchZipReader.read(mapped).get("data.pkl"));
            return mapped.copy(entry.position(), (int) entry.size());
        }
    }

    private static ModelPlan iris() {
        List<Encoding.Feature> columns = new ArrayList<>();
        for (String column : List.of("a", "b", "c", "d")) {
            columns.add(new Encoding.Numeric(column));
        }
        return new ImportReader(Limits.DEFAULT)
                .stored(
                        JsonMapper.shared()
                                .readTree(
                                        """
                                        {"model": {"layers": [{"type": "Linear", "out_features": 16},
                                          {"type": "ReLU"}, {"type": "Linear", "out_features": 3}]},
                                         "loss": "CrossEntropyLoss"}
                                        """),
                        new Encoding(columns))
                .plan();
    }
}
