package dev.hearth.torchscript;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The zip container of {@code torch.save} and {@code torch.jit.save}: stored, never compressed,
 * every record's bytes aligned to 64 so that PyTorch can map them.
 *
 * <p>Source: {@code caffe2/serialize/inline_container.h} of PyTorch. Times are fixed, so that equal
 * contents give equal bytes.
 */
final class TorchZip implements AutoCloseable {

    private static final int ALIGNMENT = 64;
    private static final int LOCAL_HEADER = 30;
    private static final int EXTRA_HEADER = 4;
    // The first day of 1980 means "unknown" to the JDK, which then adds a field of its own.
    private static final LocalDateTime FIXED_TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

    // PyTorch's own padding field: the letters FB, little-endian.
    private static final short PADDING_FIELD = 0x4246;

    private final String folder;
    private final CountingStream counter;
    private final ZipOutputStream zip;

    /**
     * @param folder the single folder that all records are in
     */
    TorchZip(OutputStream out, String folder) {
        this.folder = folder;
        this.counter = new CountingStream(out);
        this.zip = new ZipOutputStream(counter, StandardCharsets.UTF_8);
        zip.setMethod(ZipOutputStream.STORED);
    }

    TorchZip add(String name, String text) throws IOException {
        return add(name, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    TorchZip add(String name, byte[] bytes) throws IOException {
        return add(name, ByteBuffer.wrap(bytes));
    }

    /** The pickle's own record and its storages, as {@code <name>.pkl} and {@code <name>/0…}. */
    TorchZip addPickle(String name, Pickle pickle) throws IOException {
        add(name + ".pkl", pickle.bytes());
        List<TensorData> storages = pickle.storages();
        for (int i = 0; i < storages.size(); i++) {
            add(name + "/" + i, storages.get(i).bytes());
        }
        return this;
    }

    private TorchZip add(String name, ByteBuffer bytes) throws IOException {
        var crc = new CRC32();
        crc.update(bytes.duplicate());
        var entry = new ZipEntry(folder + "/" + name);
        entry.setTimeLocal(FIXED_TIME);
        entry.setSize(bytes.remaining());
        entry.setCompressedSize(bytes.remaining());
        entry.setCrc(crc.getValue());
        entry.setExtra(padding(entry.getName().length()));
        zip.putNextEntry(entry);
        var chunk = new byte[Math.min(bytes.remaining(), 1 << 16)];
        var rest = bytes.duplicate();
        while (rest.hasRemaining()) {
            int length = Math.min(chunk.length, rest.remaining());
            rest.get(chunk, 0, length);
            zip.write(chunk, 0, length);
        }
        zip.closeEntry();
        return this;
    }

    private byte[] padding(int nameLength) throws IOException {
        zip.flush();
        long start = counter.count + LOCAL_HEADER + nameLength + EXTRA_HEADER;
        int size = (int) Math.floorMod(-start, (long) ALIGNMENT);
        return ByteBuffer.allocate(EXTRA_HEADER + size)
                .putShort(Short.reverseBytes(PADDING_FIELD))
                .putShort(Short.reverseBytes((short) size))
                .array();
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }

    private static final class CountingStream extends FilterOutputStream {
        private long count;

        CountingStream(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            count++;
        }

        @Override
        public void write(byte[] b, int offset, int length) throws IOException {
            out.write(b, offset, length);
            count += length;
        }

        /** Whoever opened the stream below closes it. */
        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
