package dev.hearth.torchscript;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/**
 * Writes zips as {@code torch.save} does, and wrong ones: whatever a header says can be changed.
 */
final class RawZip {

    /** A record, and what the zip says about it. */
    static final class Part {
        final String name;
        final byte[] bytes;
        String localName;
        int flags = 0x808;
        int localFlags = 0x808;
        int method;
        int crc;
        int descriptorCrc;
        long size;
        long compressedSize;
        int localSize;
        byte[] before = {};
        byte[] centralExtra = {};

        private Part(String name, byte[] bytes) {
            this.name = name;
            this.localName = name;
            this.bytes = bytes;
            this.size = bytes.length;
            this.compressedSize = bytes.length;
            var checksum = new CRC32();
            checksum.update(bytes);
            this.crc = (int) checksum.getValue();
            this.descriptorCrc = crc;
            if (bytes.length == 0) {
                flags = 0x800;
                localFlags = 0x800;
            }
        }
    }

    private final List<Part> parts = new ArrayList<>();
    long records = -1;
    long directorySize = -1;
    long directoryPosition = -1;
    byte[] beforeDirectory = {};
    boolean zip64 = true;

    /** What torch.save writes for a pickle and its storages. */
    static RawZip pt(byte[] pickle, byte[]... storages) {
        var zip = new RawZip().add("archive/data.pkl", pickle);
        zip.add("archive/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < storages.length; i++) {
            zip.add("archive/data/" + i, storages[i]);
        }
        return zip.add("archive/version", "3\n".getBytes(StandardCharsets.US_ASCII));
    }

    RawZip add(String name, byte[] bytes) {
        parts.add(new Part(name, bytes));
        return this;
    }

    RawZip change(String name, Consumer<Part> change) {
        parts.stream().filter(part -> part.name.equals(name)).forEach(change);
        return this;
    }

    RawZip remove(String name) {
        parts.removeIf(part -> part.name.equals(name));
        return this;
    }

    byte[] build() {
        var out = new ByteArrayOutputStream();
        var directory = new ByteArrayOutputStream();
        for (Part part : parts) {
            out.writeBytes(part.before);
            byte[] name = part.name.getBytes(StandardCharsets.UTF_8);
            directory.writeBytes(
                    little(46)
                            .putInt(0x02014b50)
                            .putInt(0)
                            .putShort((short) part.flags)
                            .putShort((short) part.method)
                            .putInt(0)
                            .putInt(part.crc)
                            .putInt((int) part.compressedSize)
                            .putInt((int) part.size)
                            .putShort((short) name.length)
                            .putShort((short) part.centralExtra.length)
                            .putLong(0)
                            .putShort((short) 0)
                            .putInt(out.size())
                            .array());
            directory.writeBytes(name);
            directory.writeBytes(part.centralExtra);
            byte[] localName = part.localName.getBytes(StandardCharsets.UTF_8);
            boolean descriptor = (part.localFlags & 8) != 0;
            out.writeBytes(
                    little(30)
                            .putInt(0x04034b50)
                            .putShort((short) 0)
                            .putShort((short) part.localFlags)
                            .putShort((short) part.method)
                            .putInt(0)
                            .putInt(descriptor ? 0 : part.crc)
                            .putInt(part.localSize)
                            .putInt(part.localSize)
                            .putShort((short) localName.length)
                            .putShort((short) 0)
                            .array());
            out.writeBytes(localName);
            out.writeBytes(part.bytes);
            if (descriptor) {
                out.writeBytes(
                        little(16)
                                .putInt(0x08074b50)
                                .putInt(part.descriptorCrc)
                                .putInt(part.bytes.length)
                                .putInt(part.bytes.length)
                                .array());
            }
        }
        out.writeBytes(beforeDirectory);
        long position = directoryPosition < 0 ? out.size() : directoryPosition;
        long size = directorySize < 0 ? directory.size() : directorySize;
        long count = records < 0 ? parts.size() : records;
        out.writeBytes(directory.toByteArray());
        int end = out.size();
        if (zip64) {
            out.writeBytes(
                    little(76)
                            .putInt(0x06064b50)
                            .putLong(44)
                            .putShort((short) 0x31e)
                            .putShort((short) 45)
                            .putLong(0)
                            .putLong(count)
                            .putLong(count)
                            .putLong(size)
                            .putLong(position)
                            .putInt(0x07064b50)
                            .putInt(0)
                            .putLong(end)
                            .putInt(1)
                            .array());
        }
        out.writeBytes(
                little(22)
                        .putInt(0x06054b50)
                        .putInt(0)
                        .putShort((short) Math.min(count, 0xFFFF))
                        .putShort((short) Math.min(count, 0xFFFF))
                        .putInt((int) Math.min(size, 0xFFFF_FFFFL))
                        .putInt((int) Math.min(position, 0xFFFF_FFFFL))
                        .putShort((short) 0)
                        .array());
        return out.toByteArray();
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
