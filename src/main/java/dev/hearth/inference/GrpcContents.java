package dev.hearth.inference;

import com.google.protobuf.ByteString;
import dev.hearth.inference.wire.Wire.InferTensorContents;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A tensor's elements in the one list of gRPC's message that its datatype has. */
final class GrpcContents {

    private GrpcContents() {}

    /** The elements as the binary extension has them. */
    static ByteBuffer bytes(String name, Datatype datatype, InferTensorContents contents) {
        requireOneList(name, datatype, contents);
        ByteBuffer bytes = allocate(size(datatype, contents));
        switch (datatype) {
            case BOOL -> contents.getBoolContentsList().forEach(b -> bytes.put((byte) (b ? 1 : 0)));
            case INT8, INT16, INT32, UINT8, UINT16, UINT32 ->
                    putIntegers(name, datatype, contents, bytes);
            case INT64 -> {
                for (int i = 0; i < contents.getInt64ContentsCount(); i++) {
                    bytes.putLong(contents.getInt64Contents(i));
                }
            }
            case UINT64 -> {
                for (int i = 0; i < contents.getUint64ContentsCount(); i++) {
                    bytes.putLong(contents.getUint64Contents(i));
                }
            }
            case FP32 -> {
                for (int i = 0; i < contents.getFp32ContentsCount(); i++) {
                    bytes.putFloat(contents.getFp32Contents(i));
                }
            }
            case FP64 -> {
                for (int i = 0; i < contents.getFp64ContentsCount(); i++) {
                    bytes.putDouble(contents.getFp64Contents(i));
                }
            }
            case BYTES ->
                    contents.getBytesContentsList()
                            .forEach(text -> {
                                bytes.putInt(text.size());
                                text.copyTo(bytes);
                            });
            case FP16 ->
                    throw Tensor.refused(name, "FP16 has no contents; send raw_input_contents");
        }
        return bytes.flip();
    }

    private static void putIntegers(
            String name, Datatype datatype, InferTensorContents contents, ByteBuffer bytes) {
        int count = count(datatype, contents);
        for (int i = 0; i < count; i++) {
            int value =
                    isSigned(datatype) ? contents.getIntContents(i) : contents.getUintContents(i);
            int kept =
                    switch (datatype) {
                        case INT8 -> (byte) value;
                        case INT16 -> (short) value;
                        case UINT8 -> value & 0xff;
                        case UINT16 -> value & 0xffff;
                        case INT32, UINT32, INT64, UINT64, BOOL, FP16, FP32, FP64, BYTES -> value;
                    };
            if (kept != value) {
                throw Tensor.refused(
                        name,
                        "element %d: expected a whole number that %s has, got %s"
                                .formatted(
                                        i,
                                        datatype,
                                        isSigned(datatype)
                                                ? Integer.toString(value)
                                                : Integer.toUnsignedString(value)));
            }
            switch (datatype.sizeBytes) {
                case 1 -> bytes.put((byte) value);
                case 2 -> bytes.putShort((short) value);
                default -> bytes.putInt(value);
            }
        }
    }

    private static boolean isSigned(Datatype datatype) {
        return datatype == Datatype.INT8
                || datatype == Datatype.INT16
                || datatype == Datatype.INT32;
    }

    /** Elements in a list of another datatype would be ignored, and are refused. */
    private static void requireOneList(
            String name, Datatype datatype, InferTensorContents contents) {
        int all =
                contents.getBoolContentsCount()
                        + contents.getIntContentsCount()
                        + contents.getInt64ContentsCount()
                        + contents.getUintContentsCount()
                        + contents.getUint64ContentsCount()
                        + contents.getFp32ContentsCount()
                        + contents.getFp64ContentsCount()
                        + contents.getBytesContentsCount();
        if (datatype != Datatype.FP16 && all != count(datatype, contents)) {
            throw Tensor.refused(
                    name, "has contents of another datatype than %s".formatted(datatype));
        }
    }

    private static int count(Datatype datatype, InferTensorContents contents) {
        return switch (datatype) {
            case BOOL -> contents.getBoolContentsCount();
            case INT8, INT16, INT32 -> contents.getIntContentsCount();
            case UINT8, UINT16, UINT32 -> contents.getUintContentsCount();
            case INT64 -> contents.getInt64ContentsCount();
            case UINT64 -> contents.getUint64ContentsCount();
            case FP16 -> 0;
            case FP32 -> contents.getFp32ContentsCount();
            case FP64 -> contents.getFp64ContentsCount();
            case BYTES -> contents.getBytesContentsCount();
        };
    }

    private static int size(Datatype datatype, InferTensorContents contents) {
        if (datatype == Datatype.BYTES) {
            return contents.getBytesContentsList().stream()
                    .mapToInt(text -> Integer.BYTES + text.size())
                    .reduce(0, Math::addExact);
        }
        return Math.multiplyExact(count(datatype, contents), datatype.sizeBytes);
    }

    /** The list of a tensor that is answered. */
    static InferTensorContents of(Tensor tensor) {
        var contents = InferTensorContents.newBuilder();
        ByteBuffer data = tensor.data();
        int count = tensor.count();
        switch (tensor.datatype()) {
            case BYTES ->
                    tensor.texts()
                            .forEach(text ->
                                    contents.addBytesContents(ByteString.copyFromUtf8(text)));
            case BOOL -> {
                for (int i = 0; i < count; i++) {
                    contents.addBoolContents(data.get(i) != 0);
                }
            }
            case INT8, INT16, INT32 -> {
                for (int i = 0; i < count; i++) {
                    contents.addIntContents((int) tensor.number(i));
                }
            }
            case UINT8, UINT16, UINT32 -> {
                for (int i = 0; i < count; i++) {
                    contents.addUintContents((int) (long) tensor.number(i));
                }
            }
            case INT64 -> {
                for (int i = 0; i < count; i++) {
                    contents.addInt64Contents(data.getLong(Long.BYTES * i));
                }
            }
            case UINT64 -> {
                for (int i = 0; i < count; i++) {
                    contents.addUint64Contents(data.getLong(Long.BYTES * i));
                }
            }
            case FP16, FP32 -> {
                for (int i = 0; i < count; i++) {
                    contents.addFp32Contents((float) tensor.number(i));
                }
            }
            case FP64 -> {
                for (int i = 0; i < count; i++) {
                    contents.addFp64Contents(tensor.number(i));
                }
            }
        }
        return contents.build();
    }

    private static ByteBuffer allocate(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
