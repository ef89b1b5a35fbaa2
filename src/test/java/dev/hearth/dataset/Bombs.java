package dev.hearth.dataset;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Files of ten megabytes that unpack to ten gigabytes, written without ever unpacking them. */
final class Bombs {

    /** What one piece of {@link #deflated} unpacks to. */
    private static final int PIECE_BYTES = 32 << 20;

    private static final int PIECES = 320;

    private static final byte[] LOCAL = {'P', 'K', 3, 4};
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;

    private Bombs() {}

    /** One entry that is all of it. */
    static Path zipOfOneEntry(Path file) throws IOException {
        try (var out = new BufferedOutputStream(Files.newOutputStream(file))) {
            var entries = new Entries(out);
            entries.add("a/0.png", repeated(deflated(), PIECES), -1);
            entries.end();
        }
        return file;
    }

    /** Entries that are each as large as a picture's file may be. */
    static Path zipOfManyEntries(Path file) throws IOException {
        try (var out = new BufferedOutputStream(Files.newOutputStream(file))) {
            var entries = new Entries(out);
            byte[] one = repeated(deflated(), 1);
            for (int i = 0; i < PIECES; i++) {
                entries.add("a/%d.png".formatted(i), one, PIECE_BYTES);
            }
            entries.end();
        }
        return file;
    }

    /** A CSV file of one character. */
    static Path gzip(Path file) throws IOException {
        try (var out = new BufferedOutputStream(Files.newOutputStream(file))) {
            out.write(new byte[] {0x1F, (byte) 0x8B, 8, 0, 0, 0, 0, 0, 0, 0});
            out.write(repeated(deflated(), PIECES));
            out.write(new byte[8]);
        }
        return file;
    }

    /** A whole PNG file of so many pixels of one colour, in a zip. */
    static Path zipOfOneLargePicture(Path file, int height, int width) throws IOException {
        byte[] picture = png(height, width);
        byte[] zip = new Zips().add("a/large.png", picture).build();
        return Files.write(file, zip);
    }

    private static byte[] png(int height, int width) throws IOException {
        var data = new ByteArrayOutputStream();
        var deflater = new Deflater(Deflater.BEST_SPEED);
        var row = new byte[1 + width];
        var buffer = new byte[1 << 16];
        for (int y = 0; y < height; y++) {
            deflater.setInput(row);
            while (!deflater.needsInput()) {
                data.write(buffer, 0, deflater.deflate(buffer));
            }
        }
        deflater.finish();
        while (!deflater.finished()) {
            data.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.end();
        var out = new ByteArrayOutputStream();
        out.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
        chunk(out, "IHDR", header.put(new byte[] {8, 0, 0, 0, 0}).array());
        chunk(out, "IDAT", data.toByteArray());
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    private static void chunk(OutputStream out, String type, byte[] data) throws IOException {
        var stream = new DataOutputStream(out);
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        var checksum = new CRC32();
        checksum.update(name);
        checksum.update(data);
        stream.writeInt(data.length);
        stream.write(name);
        stream.write(data);
        stream.writeInt((int) checksum.getValue());
    }

    /** Zeros, in whole bytes and with no end, so that it may stand any number of times in a row. */
    private static byte[] deflated() {
        var deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(new byte[PIECE_BYTES]);
        var buffer = new byte[1 << 16];
        int length = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(buffer, length);
    }

    private static byte[] repeated(byte[] piece, int times) {
        var all = ByteBuffer.allocate(piece.length * times + 2);
        for (int i = 0; i < times; i++) {
            all.put(piece);
        }
        // An empty last block.
        return all.put((byte) 3).put((byte) 0).array();
    }

    /** Writes an archive, whose checksums are made up: it has to be refused before they matter. */
    private static final class Entries {
        private final OutputStream out;
        private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
        private int position;
        private int count;

        Entries(OutputStream out) {
            this.out = out;
        }

        void add(String name, byte[] deflated, int size) throws IOException {
            byte[] nameBytes = name.getBytes(StandardCharsets.US_ASCII);
            var description = new byte[26];
            little(description)
                    .putShort((short) 20)
                    .putInt(4, 8)
                    .putInt(14, deflated.length)
                    .putInt(18, size)
                    .putShort(22, (short) nameBytes.length);
            var central = new byte[6];
            little(central).putInt(CENTRAL).putShort((short) 20);
            directory.writeBytes(central);
            directory.writeBytes(description);
            var where = new byte[14];
            little(where).putInt(10, position);
            directory.writeBytes(where);
            directory.writeBytes(nameBytes);
            out.write(LOCAL);
            out.write(description);
            out.write(nameBytes);
            out.write(deflated);
            position += 4 + description.length + nameBytes.length + deflated.length;
            count++;
        }

        void end() throws IOException {
            out.write(directory.toByteArray());
            var end = new byte[22];
            little(end)
                    .putInt(END)
                    .putInt(0)
                    .putShort((short) count)
                    .putShort((short) count)
                    .putInt(directory.size())
                    .putInt(position);
            out.write(end);
        }

        private static ByteBuffer little(byte[] bytes) {
            return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }
    }
}
