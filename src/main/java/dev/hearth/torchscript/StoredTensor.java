package dev.hearth.torchscript;

import dev.hearth.tensorfile.ElementType;
import dev.hearth.tensorfile.MappedBytes;
import dev.hearth.tensorfile.SafetensorsReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A tensor in a file: a view of a run of elements there. Nothing is read before it is asked for, so
 * that a file that promises much costs nothing until its promises are found to be wanted.
 *
 * @param file that the elements are in
 * @param position of the first byte of the run of elements that this is a view of
 * @param offset of the first element, counted in elements
 * @param strides in elements, one for each extent; 0 repeats
 */
record StoredTensor(
        ElementType type,
        List<Long> shape,
        MappedBytes file,
        long position,
        long offset,
        List<Long> strides) {

    StoredTensor {
        shape = List.copyOf(shape);
        strides = List.copyOf(strides);
    }

    /** Row by row, without gaps. */
    static StoredTensor rowMajor(
            ElementType type, List<Long> shape, MappedBytes file, long position) {
        return new StoredTensor(type, shape, file, position, 0, rowMajor(shape));
    }

    private static List<Long> rowMajor(List<Long> shape) {
        var strides = new ArrayList<Long>();
        long stride = 1;
        for (long extent : shape.reversed()) {
            strides.addFirst(stride);
            // Only an empty tensor can pass 2⁶³ here, and none of its strides is ever used.
            stride *= Math.max(extent, 1);
        }
        return strides;
    }

    /** Whether {@link #read} can make that of it without losing what matters. */
    boolean becomes(TensorData.Type wanted) {
        return switch (wanted) {
            case FLOAT32 ->
                    switch (type) {
                        case FLOAT32, FLOAT64, FLOAT16, BFLOAT16 -> true;
                        case INT64, INT32, INT16, INT8, UINT8, BOOL -> false;
                    };
            case FLOAT64 -> type == ElementType.FLOAT64;
            case INT64 -> type == ElementType.INT64;
        };
    }

    /**
     * The values, row by row: in place where they are so in the file, else a copy.
     *
     * @param wanted what {@link #becomes} says yes to
     */
    TensorData read(TensorData.Type wanted) {
        long elements = SafetensorsReader.elements(shape).orElseThrow();
        int bytes = Math.toIntExact(Math.multiplyExact(elements, (long) wanted.size));
        boolean inPlace = type.size == wanted.size && (elements == 0 || isRowMajor());
        return new TensorData(
                wanted,
                shape,
                inPlace
                        ? file.view(position + (elements == 0 ? 0 : offset * type.size), bytes)
                        : gather(wanted, elements, bytes));
    }

    private boolean isRowMajor() {
        long stride = 1;
        for (int i = shape.size() - 1; i >= 0; i--) {
            if (shape.get(i) != 1 && strides.get(i) != stride) {
                return false;
            }
            stride *= shape.get(i);
        }
        return true;
    }

    private ByteBuffer gather(TensorData.Type wanted, long elements, int bytes) {
        var out = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long[] extents = shape.stream().mapToLong(Long::longValue).toArray();
        long[] steps = strides.stream().mapToLong(Long::longValue).toArray();
        var index = new long[extents.length];
        long element = offset;
        for (long i = 0; i < elements; i++) {
            long at = position + element * type.size;
            switch (wanted) {
                case FLOAT32 -> out.putFloat(floatAt(at));
                case FLOAT64, INT64 -> out.putLong(file.longAt(at));
            }
            // The next index, as an odometer counts.
            for (int dim = index.length - 1; dim >= 0; dim--) {
                element += steps[dim];
                if (++index[dim] < extents[dim]) {
                    break;
                }
                element -= steps[dim] * extents[dim];
                index[dim] = 0;
            }
        }
        return out.flip();
    }

    private float floatAt(long at) {
        return switch (type) {
            case FLOAT32 -> Float.intBitsToFloat(file.intAt(at));
            case FLOAT64 -> (float) Double.longBitsToDouble(file.longAt(at));
            case FLOAT16 -> Float.float16ToFloat((short) file.shortAt(at));
            // The upper half of a float32.
            case BFLOAT16 -> Float.intBitsToFloat(file.shortAt(at) << 16);
            case INT64, INT32, INT16, INT8, UINT8, BOOL ->
                    throw new IllegalStateException(type + " is not read as a float");
        };
    }
}
