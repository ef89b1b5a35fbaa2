package dev.hearth.inference;

import dev.hearth.inference.InferRequest.RequestedOutput;
import dev.hearth.model.Target;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The tensors that a model answers, made of its output. Of classes {@code probabilities}, and which
 * is the most probable, by name and by index; of numbers {@code output}, in the target's units.
 */
record ModelOutput(Target target) {

    private static final String PROBABILITIES = "probabilities";
    private static final String LABEL = "label";
    private static final String LABELS = "labels";
    private static final String INDEX = "class_index";
    private static final String OUTPUT = "output";

    List<TensorMetadata> outputs() {
        long columns = target.columns().size();
        return switch (target.task()) {
            case REGRESSION ->
                    List.of(TensorMetadata.of(OUTPUT, Datatype.FP32, TensorMetadata.FREE, columns));
            case DISTRIBUTION ->
                    List.of(
                            TensorMetadata.of(
                                    PROBABILITIES, Datatype.FP32, TensorMetadata.FREE, columns));
            case BINARY_CLASSIFICATION, CLASSIFICATION ->
                    List.of(
                            TensorMetadata.of(
                                    PROBABILITIES,
                                    Datatype.FP32,
                                    TensorMetadata.FREE,
                                    (long) target.classes().size()),
                            TensorMetadata.of(LABEL, Datatype.BYTES, TensorMetadata.FREE),
                            TensorMetadata.of(INDEX, Datatype.INT64, TensorMetadata.FREE));
            case MULTI_LABEL ->
                    List.of(
                            TensorMetadata.of(
                                    PROBABILITIES, Datatype.FP32, TensorMetadata.FREE, columns),
                            TensorMetadata.of(LABELS, Datatype.BOOL, TensorMetadata.FREE, columns));
            case SIMILARITY ->
                    List.of(
                            TensorMetadata.of(OUTPUT, Datatype.FP32, TensorMetadata.FREE, 1L),
                            TensorMetadata.of(LABEL, Datatype.BYTES, TensorMetadata.FREE),
                            TensorMetadata.of(INDEX, Datatype.INT64, TensorMetadata.FREE));
        };
    }

    /** All that is wrong with an output that is wanted; empty if nothing is. */
    List<String> refusals(RequestedOutput wanted) {
        List<TensorMetadata> outputs = outputs();
        if (outputs.stream().noneMatch(each -> each.name().equals(wanted.name()))) {
            return List.of(
                    "unknown; the model answers "
                            + outputs.stream().map(TensorMetadata::name).toList());
        }
        return wanted.classes() > 0 && !wanted.name().equals(PROBABILITIES)
                ? List.of("is no output of classes; ask for classification of probabilities")
                : List.of();
    }

    /**
     * The tensor that is wanted.
     *
     * @param output {@code [rows, outputs]}, row-major, as the model computes it
     */
    Tensor tensor(RequestedOutput wanted, float[] output, int rows) {
        String name = wanted.name();
        return switch (name) {
            case PROBABILITIES -> {
                float[] probabilities = probabilities(output, rows);
                yield wanted.classes() > 0
                        ? classification(probabilities, rows, wanted.classes())
                        : floats(name, probabilities, rows);
            }
            case LABEL -> texts(name, List.of((long) rows), labels(output, rows));
            case LABELS -> flags(name, output, rows);
            case INDEX -> indices(name, output, rows);
            case OUTPUT -> floats(name, values(output, rows), rows);
            default ->
                    throw new ProblemException(
                            ProblemCode.INTERNAL_ERROR, "no such output: " + name);
        };
    }

    /** {@code [rows, classes]}. */
    private float[] probabilities(float[] output, int rows) {
        return switch (target.task()) {
            case BINARY_CLASSIFICATION -> {
                // The one output is the probability of the second class.
                var both = new float[2 * rows];
                for (int row = 0; row < rows; row++) {
                    both[2 * row] = (float) (1 - (double) output[row]);
                    both[2 * row + 1] = output[row];
                }
                yield both;
            }
            case CLASSIFICATION, DISTRIBUTION, MULTI_LABEL, REGRESSION, SIMILARITY -> output;
        };
    }

    private float[] values(float[] output, int rows) {
        return switch (target.task()) {
            case SIMILARITY -> {
                // Each row has a distance, or a likeness, and the index of the class.
                var distances = new float[rows];
                for (int row = 0; row < rows; row++) {
                    distances[row] = output[2 * row];
                }
                yield distances;
            }
            case BINARY_CLASSIFICATION, CLASSIFICATION, DISTRIBUTION, MULTI_LABEL, REGRESSION ->
                    output;
        };
    }

    private int index(float[] output, int row, int width) {
        return switch (target.task()) {
            case BINARY_CLASSIFICATION -> 1 - (double) output[row] >= output[row] ? 0 : 1;
            case SIMILARITY -> (int) output[2 * row + 1];
            case CLASSIFICATION, DISTRIBUTION, MULTI_LABEL, REGRESSION -> {
                int best = 0;
                for (int i = 1; i < width; i++) {
                    if (output[row * width + i] > output[row * width + best]) {
                        best = i;
                    }
                }
                yield best;
            }
        };
    }

    private Tensor indices(String name, float[] output, int rows) {
        int width = output.length / rows;
        ByteBuffer data = allocate(rows * Long.BYTES);
        for (int row = 0; row < rows; row++) {
            data.putLong(index(output, row, width));
        }
        return new Tensor(name, Datatype.INT64, List.of((long) rows), data.flip());
    }

    private List<String> labels(float[] output, int rows) {
        int width = output.length / rows;
        return IntStream.range(0, rows)
                .mapToObj(row -> target.classes().get(index(output, row, width)))
                .toList();
    }

    private static Tensor flags(String name, float[] probabilities, int rows) {
        ByteBuffer data = allocate(probabilities.length);
        for (float probability : probabilities) {
            data.put((byte) (probability > 0.5 ? 1 : 0));
        }
        return new Tensor(
                name,
                Datatype.BOOL,
                List.of((long) rows, (long) probabilities.length / rows),
                data.flip());
    }

    private static Tensor floats(String name, float[] values, int rows) {
        ByteBuffer data = allocate(values.length * Float.BYTES);
        data.asFloatBuffer().put(values);
        return new Tensor(
                name, Datatype.FP32, List.of((long) rows, (long) values.length / rows), data);
    }

    /** The most probable classes of each row, as Triton writes them: value:index:label. */
    private Tensor classification(float[] probabilities, int rows, int wanted) {
        int width = probabilities.length / rows;
        int count = Math.min(wanted, width);
        List<String> names = target.classes().isEmpty() ? target.columns() : target.classes();
        List<String> texts =
                IntStream.range(0, rows)
                        .boxed()
                        .flatMap(row ->
                                IntStream.range(0, width)
                                        .boxed()
                                        .sorted(
                                                Comparator.comparingDouble(
                                                        i -> -probabilities[row * width + i]))
                                        .limit(count)
                                        .map(i ->
                                                String.format(
                                                        Locale.ROOT,
                                                        "%f:%d:%s",
                                                        probabilities[row * width + i],
                                                        i,
                                                        names.get(i))))
                        .toList();
        return texts(PROBABILITIES, List.of((long) rows, (long) count), texts);
    }

    private static Tensor texts(String name, List<Long> shape, List<String> texts) {
        List<byte[]> encoded =
                texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
        int size = encoded.stream().mapToInt(text -> Integer.BYTES + text.length).sum();
        ByteBuffer data = allocate(size);
        encoded.forEach(text -> data.putInt(text.length).put(text));
        return new Tensor(name, Datatype.BYTES, shape, data.flip());
    }

    private static ByteBuffer allocate(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
