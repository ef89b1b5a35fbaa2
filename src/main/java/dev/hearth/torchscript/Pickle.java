package dev.hearth.torchscript;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a pickle of protocol 2, the one that PyTorch's zip files hold. Only what those files need:
 * the caller pushes values and composes them, as on the pickle machine's own stack.
 *
 * <p>Source: CPython's {@code Lib/pickletools.py}; for tensors, {@code
 * torch._utils._rebuild_tensor_v2}.
 */
final class Pickle {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final List<TensorData> storages = new ArrayList<>();

    Pickle() {
        out.write(0x80); // PROTO
        out.write(2);
    }

    /** Ends the pickle. */
    byte[] bytes() {
        out.write('.'); // STOP
        return out.toByteArray();
    }

    /** The storages that the pickle refers to by their index. */
    List<TensorData> storages() {
        return List.copyOf(storages);
    }

    Pickle global(String module, String name) {
        out.write('c'); // GLOBAL
        out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
        return this;
    }

    Pickle string(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.write('X'); // BINUNICODE, little-endian length
        out.writeBytes(littleEndian(utf8.length));
        out.writeBytes(utf8);
        return this;
    }

    Pickle integer(long value) {
        if (value == (int) value) {
            out.write('J'); // BININT
            out.writeBytes(littleEndian((int) value));
        } else {
            out.write(0x8a); // LONG1
            out.write(Long.BYTES);
            out.writeBytes(ByteBuffer.allocate(8).putLong(Long.reverseBytes(value)).array());
        }
        return this;
    }

    Pickle real(double value) {
        out.write('G'); // BINFLOAT, big-endian
        out.writeBytes(ByteBuffer.allocate(8).putDouble(value).array());
        return this;
    }

    Pickle bool(boolean value) {
        out.write(value ? 0x88 : 0x89); // NEWTRUE, NEWFALSE
        return this;
    }

    Pickle none() {
        out.write('N');
        return this;
    }

    /** Begins a tuple or a run of dictionary items. */
    Pickle mark() {
        out.write('(');
        return this;
    }

    Pickle tuple() {
        out.write('t');
        return this;
    }

    Pickle emptyTuple() {
        out.write(')');
        return this;
    }

    Pickle emptyDict() {
        out.write('}');
        return this;
    }

    Pickle emptyList() {
        out.write(']');
        return this;
    }

    /** Adds the values since the last {@link #mark} to the list before it. */
    Pickle appends() {
        out.write('e');
        return this;
    }

    /** Adds the keys and values since the last {@link #mark} to the dictionary before it. */
    Pickle setItems() {
        out.write('u');
        return this;
    }

    /** Calls the callable below the top with the tuple on top. */
    Pickle reduce() {
        out.write('R');
        return this;
    }

    /**
     * Makes an object of the class below the top, with the tuple on top, without calling {@code
     * __init__}.
     */
    Pickle newObject() {
        out.write(0x81);
        return this;
    }

    /** Gives the object below the top the state on top. */
    Pickle build() {
        out.write('b');
        return this;
    }

    Pickle orderedDict() {
        return global("collections", "OrderedDict").emptyTuple().reduce();
    }

    Pickle tensor(TensorData tensor, boolean requiresGrad) {
        global("torch._utils", "_rebuild_tensor_v2").mark();
        mark().string("storage").global("torch", tensor.type().element.storageClass());
        string(Integer.toString(storages.size())).string("cpu").integer(tensor.elements()).tuple();
        out.write('Q'); // BINPERSID
        storages.add(tensor);
        integer(0);
        integers(tensor.shape());
        integers(rowMajorStrides(tensor.shape()));
        return bool(requiresGrad).orderedDict().tuple().reduce();
    }

    private void integers(List<Long> values) {
        mark();
        values.forEach(this::integer);
        tuple();
    }

    private static List<Long> rowMajorStrides(List<Long> shape) {
        var strides = new ArrayList<Long>();
        long stride = 1;
        for (long extent : shape.reversed()) {
            strides.addFirst(stride);
            stride = Math.multiplyExact(stride, extent);
        }
        return strides;
    }

    private static byte[] littleEndian(int value) {
        return ByteBuffer.allocate(4).putInt(Integer.reverseBytes(value)).array();
    }
}
