package dev.hearth.inference;

import java.util.List;

/**
 * What a tensor of a model is.
 *
 * @param datatype such as {@code FP32}
 * @param shape its extents, −1 for one that is free
 */
record TensorMetadata(String name, String datatype, List<Long> shape) {

    static final long FREE = -1;

    TensorMetadata {
        shape = List.copyOf(shape);
    }

    static TensorMetadata of(String name, Datatype datatype, Long... shape) {
        return new TensorMetadata(name, datatype.name(), List.of(shape));
    }
}
