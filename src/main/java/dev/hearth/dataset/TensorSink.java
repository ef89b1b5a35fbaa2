package dev.hearth.dataset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * Writes one tensor's elements in order to its place in the file, through a small buffer of its
 * own; many sinks write to one file in turn.
 */
final class TensorSink {

    private static final long BUFFERS_BYTES = 1L << 25;

    private final FileChannel file;
    private final ByteBuffer buffer;
    private final long end;
    private long position;

    TensorSink(FileChannel file, TableLayout layout, String tensor) {
        this.file = file;
        // All buffers together stay within their share, however many columns there are.
        var bytes = Math.clamp(BUFFERS_BYTES / layout.size(), 512, 1 << 16);
        this.buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        this.position = layout.tensor(tensor).position();
        this.end = layout.tensor(tensor).end();
    }

    void putDouble(double value) throws IOException {
        room(Double.BYTES);
        buffer.putDouble(value);
    }

    void putLong(long value) throws IOException {
        room(Long.BYTES);
        buffer.putLong(value);
    }

    void putInt(int value) throws IOException {
        room(Integer.BYTES);
        buffer.putInt(value);
    }

    void putBoolean(boolean value) throws IOException {
        room(1);
        buffer.put((byte) (value ? 1 : 0));
    }

    void putBytes(byte[] bytes) throws IOException {
        if (bytes.length > buffer.remaining()) {
            flush();
        }
        if (bytes.length > buffer.capacity()) {
            write(ByteBuffer.wrap(bytes));
        } else {
            buffer.put(bytes);
        }
    }

    /** Writes what is left; the tensor must be complete. */
    void finish() throws IOException {
        flush();
        if (position != end) {
            throw new IllegalStateException(
                    "a tensor ends at byte " + position + " instead of " + end);
        }
    }

    private void room(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            flush();
        }
    }

    private void flush() throws IOException {
        write(buffer.flip());
        buffer.clear();
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            position += file.write(bytes, position);
        }
    }
}
