package dev.hearth.spec;

import dev.hearth.missing.MissingPolicyReader;
import java.util.List;
import java.util.stream.Stream;

/** The fields of the objects that have no {@code type}. */
final class Vocabulary {

    static final List<String> REQUEST =
            List.of(
                    "name",
                    "dataset",
                    "input_shape",
                    "target",
                    "features",
                    "model",
                    "loss",
                    "sample_weight",
                    "metrics",
                    "optimizer",
                    "scheduler",
                    "freeze",
                    "accumulate",
                    "clip_grad_norm",
                    "clip_grad_value",
                    "ema",
                    "epochs",
                    "batch_size",
                    "shuffle",
                    "drop_last",
                    StoppingReader.EARLY,
                    StoppingReader.MAX_STEPS,
                    StoppingReader.MAX_MINUTES,
                    "seed",
                    "split",
                    "preprocessing",
                    "transforms",
                    "priority",
                    "device",
                    CheckpointReader.FIELD);
    static final List<String> MODEL =
            Stream.of(
                            List.of(ContainerReader.LAYERS),
                            GraphReader.FIELDS,
                            List.of(InitializationReader.INIT))
                    .flatMap(List::stream)
                    .toList();
    static final List<String> PREPROCESSING =
            List.of("standardize", "one_hot", "columns", "missing");

    private Vocabulary() {}

    /** Every field that a request can have, layers' and optimisers' own included. */
    static Stream<String> fieldNames() {
        return Stream.of(
                        REQUEST.stream(),
                        MODEL.stream(),
                        InitializationReader.PARTS.stream(),
                        InitializationReader.vocabulary().values().stream().flatMap(List::stream),
                        SplitReader.FIELDS.stream(),
                        PREPROCESSING.stream(),
                        TransformReader.PARTS.stream(),
                        TransformReader.vocabulary().values().stream().flatMap(List::stream),
                        ColumnStepReader.vocabulary(),
                        MissingPolicyReader.FIELDS.stream(),
                        CheckpointReader.FIELDS.stream(),
                        StoppingReader.FIELDS.stream(),
                        Stream.of(Types.TYPE, ContainerReader.REPEAT, ContainerReader.LAYER),
                        GraphReader.NODE.stream(),
                        OpReader.vocabulary().values().stream().flatMap(List::stream),
                        LossReader.vocabulary().values().stream().flatMap(List::stream),
                        LayerReader.vocabulary().values().stream().flatMap(List::stream),
                        OptimizerReader.vocabulary().values().stream().flatMap(List::stream),
                        Stream.of(OptimizerReader.GROUPS, OptimizerReader.PARAMETERS),
                        SchedulerReader.vocabulary().values().stream().flatMap(List::stream),
                        Stream.of(SchedulerReader.INTERVAL),
                        OptimizationReader.CLIP_GRAD_NORM.stream(),
                        OptimizationReader.EMA.stream())
                .flatMap(names -> names)
                .distinct();
    }
}
