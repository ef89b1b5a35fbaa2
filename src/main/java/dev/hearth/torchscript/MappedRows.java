package dev.hearth.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.hearth.spec.BlockInput;
import dev.hearth.spec.Encoding;
import dev.hearth.spec.LossSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** Rows of a run's files, in memory or on the device. */
record MappedRows(NDArray features, NDArray targets, Optional<NDArray> weights) {

    private static final long TORCH_FLOAT32 = 6;
    private static final long TORCH_INT64 = 4;

    long rows() {
        return features.size(0);
    }

    List<NDArray> all() {
        var arrays = new ArrayList<>(List.of(features, targets));
        weights.ifPresent(arrays::add);
        return arrays;
    }

    /**
     * Maps the files of a program's rows, and copies them to the device where that is not the CPU.
     *
     * @param scope of the program, which the rows belong to
     */
    record Mapping(TrainingProgram.Source source, PtNDManager scope, ProgramMethods methods) {

        MappedRows map(TrainingProgram.Rows rows) {
            NDArray features =
                    switch (source.input()) {
                        case Encoding _ ->
                                map(
                                        rows.features(),
                                        rows.rows(),
                                        source.plan().input().dims(),
                                        TORCH_FLOAT32);
                        case BlockInput _ ->
                                map(rows.features(), rows.rows(), List.of(), TORCH_INT64);
                    };
            return new MappedRows(
                    features,
                    map(rows.targets(), rows.rows(), targetShape(), targetType()),
                    rows.weights().map(file -> map(file, rows.rows(), List.of(), TORCH_FLOAT32)));
        }

        /** Of one row. */
        private List<Long> targetShape() {
            return switch (source.loss()) {
                case LossSpec.CrossEntropyLoss _,
                        LossSpec.NLLLoss _,
                        LossSpec.CosineEmbeddingLoss _ ->
                        List.of();
                case LossSpec.MSELoss _,
                        LossSpec.L1Loss _,
                        LossSpec.SmoothL1Loss _,
                        LossSpec.HuberLoss _,
                        LossSpec.PoissonNLLLoss _,
                        LossSpec.KLDivLoss _,
                        LossSpec.BCELoss _,
                        LossSpec.BCEWithLogitsLoss _,
                        LossSpec.MultiLabelSoftMarginLoss _,
                        LossSpec.HingeEmbeddingLoss _ ->
                        source.plan().output().dims();
            };
        }

        private long targetType() {
            return source.loss().task(1) == LossSpec.Task.CLASSIFICATION
                    ? TORCH_INT64
                    : TORCH_FLOAT32;
        }

        private NDArray map(Path file, long rows, List<Long> sample, long type) {
            long[] shape =
                    LongStream.concat(
                                    LongStream.of(rows),
                                    sample.stream().mapToLong(extent -> extent))
                            .toArray();
            try (var path = IValue.from(file.toString());
                    var extents = IValue.listFrom(shape);
                    var dtype = IValue.from(type);
                    var mapped = methods.run("map_file", path, extents, dtype)) {
                PtNDArray onCpu = mapped.toTensor(scope);
                if (onCpu.getDevice().equals(scope.getDevice())) {
                    return onCpu;
                }
                try (onCpu) {
                    return onCpu.toDevice(scope.getDevice(), true);
                }
            }
        }
    }
}
