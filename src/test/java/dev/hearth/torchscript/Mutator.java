package dev.hearth.torchscript;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes files of files, each a little or much damaged, the same ones for the same seed: flipped
 * bits, lost ends, pieces of other files, lengths and offsets that cannot be, and instructions of
 * the pickle machine in places where they should not stand.
 */
final class Mutator {

    private static final int LARGEST = 1 << 16;

    private static final long[] AWKWARD = {
        0,
        1,
        -1,
        2,
        7,
        8,
        0x7f,
        0x80,
        0xff,
        0x100,
        0x7fff,
        0x8000,
        0xffff,
        0x10000,
        0x7fffffffL,
        0x80000000L,
        0xfffffffeL,
        0xffffffffL,
        1L << 32,
        1L << 62,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    private static final List<String> PIECES =
            List.of(
                    "(",
                    "t",
                    "R",
                    "Q",
                    "u",
                    "s",
                    "e",
                    "a",
                    "b",
                    ".",
                    "}",
                    "]",
                    ")",
                    "N",
                    "\u0085",
                    "\u0086",
                    "\u0087",
                    "\u0088",
                    "\u0089",
                    "\u0080\u0002",
                    "q\u0000",
                    "h\u0000",
                    "r\u00ff\u00ff\u00ff\u00ff",
                    "j\u0001\u0000\u0000\u0000",
                    "K\u0001",
                    "M\u00ff\u00ff",
                    "J\u00ff\u00ff\u00ff\u007f",
                    "\u008a\u0008\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f",
                    "X\u0001\u0000\u0000\u0000a",
                    "ccollections\nOrderedDict\n",
                    "ctorch._utils\n_rebuild_tensor_v2\n",
                    "ctorch._utils\n_rebuild_parameter\n",
                    "ctorch\nFloatStorage\n",
                    "ctorch\nByteStorage\n",
                    "cos\nsystem\n",
                    "\u0093",
                    "\u0081",
                    "PK\u0001\u0002",
                    "PK\u0003\u0004",
                    "PK\u0005\u0006",
                    "PK\u0006\u0006",
                    "PK\u0007\u0008",
                    "{\"",
                    "\":",
                    "[",
                    "]",
                    "{",
                    "}",
                    ",",
                    "[0,0]",
                    "-1",
                    "1e9",
                    "9223372036854775807",
                    "\"dtype\":\"F16\"",
                    "\"shape\":[]",
                    "\"data_offsets\":[0,4]",
                    "\"__metadata__\":{}",
                    "\\u0000",
                    "\u00c3",
                    "\u00ff");

    private final SplittableRandom random;
    private final List<byte[]> seeds;

    Mutator(long seed, List<byte[]> seeds) {
        this.random = new SplittableRandom(seed);
        this.seeds = List.copyOf(seeds);
    }

    byte[] next() {
        byte[] bytes = any().clone();
        // Mostly few, so that much is still right and the reader gets far.
        int changes = 1 + random.nextInt(1 + random.nextInt(8));
        for (int i = 0; i < changes; i++) {
            bytes = change(bytes);
        }
        return bytes.length > LARGEST ? Arrays.copyOf(bytes, LARGEST) : bytes;
    }

    private byte[] any() {
        return seeds.get(random.nextInt(seeds.size()));
    }

    private byte[] change(byte[] bytes) {
        if (bytes.length == 0) {
            return any().clone();
        }
        int at = random.nextInt(bytes.length);
        return switch (random.nextInt(9)) {
            case 0 -> set(bytes, at, bytes[at] ^ 1 << random.nextInt(8));
            case 1 -> set(bytes, at, random.nextInt(256));
            case 2 -> Arrays.copyOf(bytes, at);
            case 3 -> number(bytes, at);
            case 4 -> {
                byte[] piece = RawPickle.bytes(PIECES.get(random.nextInt(PIECES.size())));
                yield splice(bytes, at, at, piece, 0, piece.length);
            }
            case 5 -> {
                byte[] piece = RawPickle.bytes(PIECES.get(random.nextInt(PIECES.size())));
                yield splice(
                        bytes,
                        at,
                        Math.min(bytes.length, at + piece.length),
                        piece,
                        0,
                        piece.length);
            }
            case 6 -> {
                byte[] other = any();
                int from = random.nextInt(other.length);
                int to = from + random.nextInt(Math.min(200, other.length - from) + 1);
                int end = Math.min(bytes.length, at + random.nextInt(200));
                yield splice(bytes, at, end, other, from, to);
            }
            case 7 ->
                    splice(
                            bytes,
                            at,
                            Math.min(bytes.length, at + 1 + random.nextInt(16)),
                            bytes,
                            0,
                            0);
            default -> {
                int to = Math.min(bytes.length, at + 1 + random.nextInt(64));
                yield splice(bytes, at, at, bytes, at, to);
            }
        };
    }

    private static byte[] set(byte[] bytes, int at, int value) {
        bytes[at] = (byte) value;
        return bytes;
    }

    /** A length, offset or size of another value: awkward, or near the one that stood there. */
    private byte[] number(byte[] bytes, int at) {
        int size = 1 << random.nextInt(4);
        if (at + size > bytes.length) {
            return bytes;
        }
        ByteBuffer buffer = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        buffer.put(0, bytes, at, size);
        long value =
                random.nextBoolean()
                        ? buffer.getLong(0) + random.nextInt(-4, 5)
                        : AWKWARD[random.nextInt(AWKWARD.length)];
        buffer.putLong(0, value).get(0, bytes, at, size);
        return bytes;
    }

    /** Puts {@code other[from, to)} in the place of {@code bytes[begin, end)}. */
    private static byte[] splice(byte[] bytes, int begin, int end, byte[] other, int from, int to) {
        var out = new ByteArrayOutputStream();
        out.write(bytes, 0, begin);
        out.write(other, from, to - from);
        out.write(bytes, end, bytes.length - end);
        return out.toByteArray();
    }
}
