package dev.hearth.dataset;

import dev.hearth.dataset.image.ImageMode;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipException;

/**
 * An IDX file, perhaps compressed by gzip: two zero bytes, the type, the number of extents, the
 * extents as big-endian I32, and the values.
 *
 * <p>Source: the page of the MNIST database, "the IDX file format".
 *
 * @param shape its extents, all positive
 */
record IdxFile(SourceFile source, Type type, List<Long> shape) {

    private static final int MOST_EXTENTS = 4;

    /** A type of values, by its number in the file. */
    enum Type {
        U8(0x08, 1),
        I8(0x09, 1),
        I16(0x0B, 2),
        I32(0x0C, 4),
        F32(0x0D, 4),
        F64(0x0E, 8);

        private final int code;
        private final int bytes;

        Type(int code, int bytes) {
            this.code = code;
            this.bytes = bytes;
        }

        static Optional<Type> of(int code) {
            for (Type type : values()) {
                if (type.code == code) {
                    return Optional.of(type);
                }
            }
            return Optional.empty();
        }
    }

    IdxFile {
        shape = List.copyOf(shape);
    }

    /** Whether the file is one by its first bytes, or what it unpacks to is. */
    static boolean isOne(SourceFile file) {
        if (file.kind() != FileKind.GZIP) {
            return file.kind() == FileKind.IDX;
        }
        try (var in = open(file)) {
            byte[] start = in.readNBytes(4);
            return start.length == 4
                    && start[0] == 0
                    && start[1] == 0
                    && Type.of(start[2]).isPresent();
        } catch (IOException e) {
            // Then whoever reads what is compressed tells what is wrong with it.
            return false;
        }
    }

    static IdxFile of(SourceFile file, ImageSettings limits) throws IOException {
        try (var in = open(file)) {
            byte[] start = exactly(file, in, 4);
            Optional<Type> type = Type.of(start[2]);
            int extents = start[3];
            if (start[0] != 0 || start[1] != 0 || type.isEmpty()) {
                throw problem(
                        file,
                        "does not begin as an IDX file does, with two zero bytes and the number of"
                                + " a type; it is damaged, or of another form");
            }
            if (extents < 1 || extents > MOST_EXTENTS) {
                throw problem(
                        file,
                        "has %d extents; expected one for labels, three or four for pictures"
                                .formatted(extents));
            }
            var shape = new ArrayList<Long>();
            ByteBuffer read = ByteBuffer.wrap(exactly(file, in, extents * Integer.BYTES));
            while (read.hasRemaining()) {
                shape.add((long) read.getInt());
            }
            var idx = new IdxFile(file, type.get(), shape);
            idx.check(limits);
            return idx;
        }
    }

    private void check(ImageSettings limits) {
        if (shape.stream().anyMatch(extent -> extent < 1)) {
            throw problem("has the shape %s; every extent has to be at least 1".formatted(shape));
        }
        long rowBytes = type.bytes;
        for (long extent : shape.subList(1, shape.size())) {
            // Three extents of 31 bits are no long, but the first that is too large ends it.
            rowBytes = extent > limits.maxPixels() ? Long.MAX_VALUE : rowBytes * extent;
            if (rowBytes > limits.maxPixels() * ImageMode.RGB.channels()) {
                throw problem(
                        "has the shape %s; this service takes at most %,d pixels in one picture"
                                .formatted(shape, limits.maxPixels()));
            }
        }
        long bytes = rowBytes * rows();
        if (bytes > limits.maxDecoded().toBytes()) {
            throw ProblemException.at(
                    ProblemCode.BODY_TOO_LARGE,
                    name(),
                    "has the shape %s, %,d bytes; this service takes at most %,d"
                            .formatted(shape, bytes, limits.maxDecoded().toBytes()));
        }
        long expected = headerBytes() + bytes;
        if (source.kind() == FileKind.IDX && source.sizeBytes() != expected) {
            throw problem(
                    "has %,d bytes; by its shape %s it should have %,d: it is truncated or damaged; send it anew"
                            .formatted(source.sizeBytes(), shape, expected));
        }
    }

    private int headerBytes() {
        return 4 + shape.size() * Integer.BYTES;
    }

    String name() {
        return source.name();
    }

    long rows() {
        return shape.getFirst();
    }

    boolean isLabels() {
        return shape.size() == 1
                && switch (type) {
                    case U8, I8, I16, I32 -> true;
                    case F32, F64 -> false;
                };
    }

    boolean isImages() {
        return type == Type.U8
                && (shape.size() == 3
                        || (shape.size() == 4 && (channels() == 1 || channels() == 3)));
    }

    /** Of pictures, as are height and width. */
    int channels() {
        return shape.size() == 4 ? shape.get(1).intValue() : 1;
    }

    int height() {
        return shape.get(shape.size() - 2).intValue();
    }

    int width() {
        return shape.getLast().intValue();
    }

    int rowBytes() {
        return channels() * height() * width();
    }

    /** The values, from their start. */
    InputStream open() throws IOException {
        InputStream in = open(source);
        try {
            exactly(source, in, headerBytes());
            return in;
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    @SuppressWarnings("MustBeClosedChecker") // closed by the stream around it
    private static InputStream open(SourceFile file) throws IOException {
        return new BufferedInputStream(
                file.kind() == FileKind.GZIP ? Inflated.open(file) : file.content().open(),
                1 << 16);
    }

    byte[] next(InputStream in, int bytes) throws IOException {
        return exactly(source, in, bytes);
    }

    long nextLabel(InputStream in) throws IOException {
        ByteBuffer value = ByteBuffer.wrap(exactly(source, in, type.bytes));
        return switch (type) {
            case U8 -> Byte.toUnsignedLong(value.get());
            case I8 -> value.get();
            case I16 -> value.getShort();
            case I32 -> value.getInt();
            case F32, F64 -> throw new IllegalStateException("labels are whole numbers");
        };
    }

    void requireEnd(InputStream in) throws IOException {
        try {
            if (in.read() >= 0) {
                throw problem(
                        "goes on after the values of its shape %s: it is damaged; send it anew"
                                .formatted(shape));
            }
        } catch (EOFException | ZipException e) {
            throw broken(source);
        }
    }

    private static byte[] exactly(SourceFile file, InputStream in, int bytes) throws IOException {
        try {
            byte[] read = in.readNBytes(bytes);
            if (read.length < bytes) {
                throw problem(file, "ends before its last value: it is truncated; send it whole");
            }
            return read;
        } catch (EOFException | ZipException e) {
            throw broken(file);
        }
    }

    private static ProblemException broken(SourceFile file) {
        return problem(file, "cannot be unpacked: it is truncated or damaged; send it anew");
    }

    ProblemException problem(String fault) {
        return problem(source, fault);
    }

    private static ProblemException problem(SourceFile file, String fault) {
        return ProblemException.at(ProblemCode.INVALID_DATASET, file.name(), fault);
    }
}
