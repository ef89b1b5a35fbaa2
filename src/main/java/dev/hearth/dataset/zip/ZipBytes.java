package dev.hearth.dataset.zip;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file's bytes, mapped into memory, read as zips write numbers: lowest byte first. */
final class ZipBytes implements AutoCloseable {

    private static final ValueLayout.OfShort I16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt I32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong I64 =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Arena arena;
    private final MemorySegment bytes;

    private ZipBytes(Arena arena, MemorySegment bytes) {
        this.arena = arena;
        this.bytes = bytes;
    }

    @SuppressWarnings("MustBeClosedChecker") // the arena lives as long as this
    static ZipBytes map(Path file) throws IOException {
        var arena = Arena.ofShared();
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new ZipBytes(
                    arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    long size() {
        return bytes.byteSize();
    }

    int shortAt(long at) {
        return Short.toUnsignedInt(bytes.get(I16, at));
    }

    int intAt(long at) {
        return bytes.get(I32, at);
    }

    long unsignedIntAt(long at) {
        return Integer.toUnsignedLong(bytes.get(I32, at));
    }

    long longAt(long at) {
        return bytes.get(I64, at);
    }

    byte[] bytes(long at, int length) {
        return bytes.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
    }

    ByteBuffer buffer(long at, int length) {
        return bytes.asSlice(at, length).asByteBuffer();
    }

    @Override
    public void close() {
        arena.close();
    }
}
