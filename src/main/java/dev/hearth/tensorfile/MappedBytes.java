package dev.hearth.tensorfile;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32;

/**
 * A file's bytes, mapped and not copied; little-endian. Offsets are {@code long} and checked by the
 * platform: whoever asks past the end gets an exception and no other bytes.
 */
public final class MappedBytes implements AutoCloseable {

    private static final int CHUNK_BYTES = 1 << 30;

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Arena arena;
    private final MemorySegment bytes;

    private MappedBytes(Arena arena, MemorySegment bytes) {
        this.arena = arena;
        this.bytes = bytes;
    }

    /** For the thread that opens it alone. */
    @SuppressWarnings("MustBeClosedChecker") // closed with the object that it becomes a part of
    public static MappedBytes map(Path file) throws IOException {
        return map(file, Arena.ofConfined());
    }

    /** For several threads at once. */
    @SuppressWarnings("MustBeClosedChecker") // closed with the object that it becomes a part of
    public static MappedBytes mapShared(Path file) throws IOException {
        return map(file, Arena.ofShared());
    }

    private static MappedBytes map(Path file, Arena arena) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new MappedBytes(
                    arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    @SuppressWarnings("MustBeClosedChecker") // closed with the object that it becomes a part of
    public static MappedBytes of(byte[] bytes) {
        return new MappedBytes(Arena.ofConfined(), MemorySegment.ofArray(bytes).asReadOnly());
    }

    public long size() {
        return bytes.byteSize();
    }

    public int byteAt(long offset) {
        return Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, offset));
    }

    public int shortAt(long offset) {
        return Short.toUnsignedInt(bytes.get(SHORT, offset));
    }

    public int intAt(long offset) {
        return bytes.get(INT, offset);
    }

    public long unsignedIntAt(long offset) {
        return Integer.toUnsignedLong(bytes.get(INT, offset));
    }

    /** As a signed number: what is 2⁶³ or more is negative. */
    public long longAt(long offset) {
        return bytes.get(LONG, offset);
    }

    /** Whether these bytes stand at {@code offset}; not if the file ends before. */
    public boolean startsWith(long offset, byte... expected) {
        return offset <= size() - expected.length
                && bytes.asSlice(offset, expected.length).mismatch(MemorySegment.ofArray(expected))
                        == -1;
    }

    public byte[] copy(long offset, int length) {
        return bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    }

    /** A view, not a copy; it ends with this object. */
    public ByteBuffer view(long offset, int length) {
        return bytes.asSlice(offset, length).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The same as memory that is read with any layout; it ends with this object. */
    public MemorySegment segment(long offset, long length) {
        return bytes.asSlice(offset, length);
    }

    public int crc32(long offset, long length) {
        var crc = new CRC32();
        long end = offset + length;
        for (long at = offset; at < end; at += CHUNK_BYTES) {
            crc.update(view(at, (int) Math.min(CHUNK_BYTES, end - at)));
        }
        return (int) crc.getValue();
    }

    @Override
    public void close() {
        arena.close();
    }
}
