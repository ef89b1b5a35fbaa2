package dev.hearth.tensorfile;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the elements of a tensor are, with each format's name for it. In JSON it has the one of
 * safetensors.
 */
public enum ElementType {
    FLOAT64("float64", "DoubleStorage", "F64", 8),
    FLOAT32("float32", "FloatStorage", "F32", 4),
    FLOAT16("float16", "HalfStorage", "F16", 2),
    BFLOAT16("bfloat16", "BFloat16Storage", "BF16", 2),
    INT64("int64", "LongStorage", "I64", 8),
    INT32("int32", "IntStorage", "I32", 4),
    INT16("int16", "ShortStorage", "I16", 2),
    INT8("int8", "CharStorage", "I8", 1),
    UINT8("uint8", "ByteStorage", "U8", 1),
    BOOL("bool", "BoolStorage", "BOOL", 1);

    /** PyTorch's name, such as {@code float32}. */
    public final String dtype;

    private final String storageClass;
    private final String safetensorsName;

    /** Bytes of one element. */
    public final int size;

    ElementType(String dtype, String storageClass, String safetensorsName, int size) {
        this.dtype = dtype;
        this.storageClass = storageClass;
        this.safetensorsName = safetensorsName;
        this.size = size;
    }

    /** Such as {@code F32}. */
    @JsonValue
    public String safetensorsName() {
        return safetensorsName;
    }

    /** Of {@code torch}'s pickles, such as {@code FloatStorage}. */
    public String storageClass() {
        return storageClass;
    }

    public static Optional<ElementType> ofStorageClass(String name) {
        return Arrays.stream(values()).filter(type -> type.storageClass.equals(name)).findFirst();
    }

    public static Optional<ElementType> ofSafetensors(String name) {
        return Arrays.stream(values())
                .filter(type -> type.safetensorsName.equals(name))
                .findFirst();
    }

    public static String safetensorsNames() {
        return Arrays.stream(values())
                .map(type -> type.safetensorsName)
                .collect(Collectors.joining(", "));
    }

    public static String dtypes() {
        return Arrays.stream(values()).map(type -> type.dtype).collect(Collectors.joining(", "));
    }
}
