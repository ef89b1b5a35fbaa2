package dev.hearth.dataset.image;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads the big-endian numbers that headers of pictures are made of. */
final class Bytes {

    private static final VarHandle I32 =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle I16 =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

    private Bytes() {}

    static int intAt(byte[] bytes, int at) {
        return (int) I32.get(bytes, at);
    }

    static int shortAt(byte[] bytes, int at) {
        return Short.toUnsignedInt((short) I16.get(bytes, at));
    }

    static int byteAt(byte[] bytes, int at) {
        return Byte.toUnsignedInt(bytes[at]);
    }
}
