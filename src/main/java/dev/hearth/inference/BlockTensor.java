package dev.hearth.inference;

import dev.hearth.serving.Rows;
import dev.hearth.spec.BlockInput;
import dev.hearth.tensorfile.ElementType;
import dev.hearth.torchscript.Cell;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Images {@code [rows, channels, height, width]} or tensors, in the datatype that they have. */
record BlockTensor(BlockInput block) implements ModelInput {

    private static final String NAME = "input";

    @Override
    public List<Input> inputs() {
        Long[] shape =
                Stream.concat(Stream.of(TensorMetadata.FREE), block.shape().stream())
                        .toArray(Long[]::new);
        switch (block.kind()) {
            case IMAGE -> {
                if (isFreeInSize()) {
                    shape[2] = TensorMetadata.FREE;
                    shape[3] = TensorMetadata.FREE;
                }
            }
            case TENSOR -> {}
        }
        return List.of(Input.of(TensorMetadata.of(NAME, datatype(block.dtype()), shape)));
    }

    /** Whether the transforms make one size of any: so they do if they do of an odd one. */
    private boolean isFreeInSize() {
        return block.varies() || block.refusal(1_009, 997).isEmpty();
    }

    private static Datatype datatype(ElementType type) {
        return switch (type) {
            case UINT8 -> Datatype.UINT8;
            case INT8 -> Datatype.INT8;
            case INT16 -> Datatype.INT16;
            case INT32 -> Datatype.INT32;
            case INT64 -> Datatype.INT64;
            case FLOAT16 -> Datatype.FP16;
            case FLOAT32 -> Datatype.FP32;
            case FLOAT64 -> Datatype.FP64;
            case BFLOAT16, BOOL ->
                    throw new IllegalArgumentException("no data set has tensors of " + type);
        };
    }

    @Override
    @SuppressWarnings("NullAway") // it is there
    public Rows rows(Map<String, Tensor> tensors, int rows) {
        Tensor tensor = tensors.get(NAME);
        List<Long> shape = tensor.shape().subList(1, tensor.shape().size());
        Cell.Type type =
                switch (block.kind()) {
                    case IMAGE -> {
                        block.refusal(shape.get(1), shape.get(2))
                                .ifPresent(why -> {
                                    throw Tensor.refused(NAME, "an image " + why);
                                });
                        yield Cell.Type.UINT8;
                    }
                    case TENSOR -> Cell.Type.FLOAT32;
                };
        ByteBuffer values =
                switch (type) {
                    case UINT8 -> tensor.data();
                    case FLOAT32 -> floats(tensor);
                };
        int cellBytes = values.limit() / rows;
        var cells = new ArrayList<Cell>(rows);
        for (int row = 0; row < rows; row++) {
            cells.add(new Cell(type, shape, values.slice(row * cellBytes, cellBytes)));
        }
        return new Rows.OfBlock(cells);
    }

    private static ByteBuffer floats(Tensor tensor) {
        int count = tensor.count();
        var floats =
                ByteBuffer.allocate(Math.multiplyExact(count, Float.BYTES))
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            float value = tensor.toFloat(i);
            if (!Float.isFinite(value)) {
                throw Tensor.refused(
                        NAME,
                        "element %d: expected a finite number that FP32 has, which is what the model computes in, got %s"
                                .formatted(i, tensor.number(i)));
            }
            floats.putFloat(value);
        }
        return floats.flip();
    }
}
