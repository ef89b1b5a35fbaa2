package dev.hearth.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.hearth.spec.BlockInput;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The file of the images or tensors that a program's rows are of, as it is mapped, and the reading
 * ahead in it where that helps.
 */
final class MappedBlock implements AutoCloseable {

    private final ProgramMethods methods;
    private final TrainingProgram.Batches batches;
    private final int valueBytes;
    private final Optional<ReadAhead> readAhead;

    private MappedBlock(
            ProgramMethods methods,
            TrainingProgram.Batches batches,
            int valueBytes,
            Optional<ReadAhead> readAhead) {
        this.methods = methods;
        this.batches = batches;
        this.valueBytes = valueBytes;
        this.readAhead = readAhead;
    }

    /**
     * @param scope of the program
     * @param memoryBytes that this process may take
     */
    static MappedBlock map(
            Path file,
            TrainingProgram.Source source,
            PtNDManager scope,
            ProgramMethods methods,
            long memoryBytes) {
        var block = BlockFile.of(file, (BlockInput) source.input());
        long[] places = block.places().stream().mapToLong(Long::longValue).toArray();
        try (var path = IValue.from(file.toString());
                var shared = IValue.from(block.isShared());
                var extents = IValue.listFrom(places);
                var mapped = methods.run(BlockCode.MAP, path, shared, extents);
                var first = mapped.toTensor(scope)) {
            int valueBytes = first.getDataType().getNumOfBytes();
            Optional<ReadAhead> readAhead = Optional.empty();
            if (source.batches().shuffle()) {
                var address = MemorySegment.ofBuffer(first.toByteBuffer(true)).address();
                var values = new ReadAhead.Mapping(address, block.values() * valueBytes);
                readAhead = ReadAhead.of(values, memoryBytes);
            }
            return new MappedBlock(methods, source.batches(), valueBytes, readAhead);
        }
    }

    void startEpoch() {
        readAhead.ifPresent(ReadAhead::startEpoch);
    }

    /**
     * @param order of the epoch's rows
     */
    void beforeSteps(long first, int count, MappedRows training, NDArray order) {
        readAhead.ifPresent(ahead ->
                ahead.beforeSteps(
                        first,
                        count,
                        Math.ceilDiv(training.rows(), (long) batches.size()),
                        (from, end) -> spans(training, order, from, end)));
    }

    void beforeEvaluation() {
        readAhead.ifPresent(ReadAhead::beforeEvaluation);
    }

    /**
     * Where the rows of mini-batches {@code first} to {@code end − 1} are among the values, in
     * bytes.
     */
    long[][] spans(MappedRows training, NDArray order, long first, long end) {
        int size = batches.size();
        try (var call = methods.call(BlockCode.SPANS)) {
            long[] ends =
                    call.with(training.features())
                            .with(order)
                            .with(first * size)
                            .with(end * size)
                            .run()
                            .singletonOrThrow()
                            .toLongArray();
            var spans = new long[ends.length / 2][];
            for (int i = 0; i < spans.length; i++) {
                spans[i] = new long[] {ends[2 * i] * valueBytes, ends[2 * i + 1] * valueBytes};
            }
            return spans;
        }
    }

    @Override
    public void close() {
        readAhead.ifPresent(ReadAhead::close);
    }
}
