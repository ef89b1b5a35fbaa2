package dev.hearth.dataset;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Zip archives for tests, right ones and wrong ones. */
public final class Zips {

    private static final int CENTRAL = 0x02014b50;
    private static final int LOCAL = 0x04034b50;

    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    public Zips add(String name, byte[] bytes) {
        entries.put(name, bytes);
        return this;
    }

    public byte[] build() {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            for (var entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** Changes what the directory says of an entry; the buffer begins at its record. */
    public byte[] buildWithDirectory(String name, Consumer<ByteBuffer> change) {
        return changed(build(), CENTRAL, 46, name, change);
    }

    /** Changes what an entry's own header says; the buffer begins at it. */
    public byte[] buildWithHeader(String name, Consumer<ByteBuffer> change) {
        return changed(build(), LOCAL, 30, name, change);
    }

    /** Gives an entry another name of the same length, in both places. */
    public byte[] buildRenamed(String name, String other) {
        byte[] renamed = other.getBytes(StandardCharsets.UTF_8);
        byte[] once = changed(build(), CENTRAL, 46, name, record -> record.put(46, renamed));
        return changed(once, LOCAL, 30, name, header -> header.put(30, renamed));
    }

    private static byte[] changed(
            byte[] zip, int signature, int nameAt, String name, Consumer<ByteBuffer> change) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at + nameAt + bytes.length <= zip.length; at++) {
            var here =
                    ByteBuffer.wrap(zip, at, zip.length - at)
                            .slice()
                            .order(ByteOrder.LITTLE_ENDIAN);
            if (here.getInt(0) == signature
                    && here.slice(nameAt, bytes.length).equals(ByteBuffer.wrap(bytes))) {
                change.accept(here);
                return zip;
            }
        }
        throw new IllegalArgumentException("no entry " + name);
    }

    public static byte[] gzip(byte[] bytes) {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** A directory of many entries that all have no bytes. */
    public static byte[] ofEmptyEntries(int count) {
        int name = 8;
        var zip =
                ByteBuffer.allocate(count * (30 + 46 + 2 * name) + 98)
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            zip.putInt(LOCAL).putShort((short) 20).put(new byte[20]).putShort((short) name);
            zip.putShort((short) 0).put("%08d".formatted(i).getBytes(StandardCharsets.US_ASCII));
        }
        int begin = zip.position();
        for (int i = 0; i < count; i++) {
            zip.putInt(CENTRAL).putShort((short) 20).putShort((short) 20).put(new byte[20]);
            zip.putShort((short) name).put(new byte[12]).putInt(i * (30 + name));
            zip.put("%08d".formatted(i).getBytes(StandardCharsets.US_ASCII));
        }
        int end = zip.position();
        zip.putInt(0x06064b50).putLong(44).putInt(0x2d002d).putLong(0).putLong(count);
        zip.putLong(count).putLong(end - begin).putLong(begin);
        zip.putInt(0x07064b50).putInt(0).putLong(end).putInt(1);
        zip.putInt(0x06054b50).putInt(0).putShort((short) -1).putShort((short) -1);
        zip.putInt(end - begin).putInt(begin).putShort((short) 0);
        return zip.array();
    }
}
