package dev.hearth.dataset;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** What a file compressed by gzip holds. */
final class Inflated {

    /** Text seldom shrinks to less than a fiftieth; far more is made to fill a disk. */
    private static final long MOST_TIMES = 100;

    /** What is allowed whatever the size of the file. */
    private static final long ALWAYS_ALLOWED_BYTES = 64L << 20;

    private static final int BUFFER_BYTES = 1 << 16;

    private Inflated() {}

    /**
     * The file within. Its bytes are counted as they are, not as the archive declares them, before
     * anything else is done with them.
     *
     * @throws ProblemException where it is no gzip file, is cut off, or grows beyond measure
     */
    static SourceFile of(SourceFile file) throws IOException {
        FileContent content = () -> open(file);
        long most =
                Math.max(ALWAYS_ALLOWED_BYTES, Math.multiplyExact(MOST_TIMES, file.sizeBytes()));
        long size = count(file.name(), content, most);
        return SourceFile.of(plainName(file.name()), size, content);
    }

    /** The file within one that was counted before; its size is not known any more. */
    static SourceFile uncounted(SourceFile file) throws IOException {
        return SourceFile.of(plainName(file.name()), file.sizeBytes(), () -> open(file));
    }

    /** The bytes within, as they come. */
    @SuppressWarnings("MustBeClosedChecker") // closed by the stream around it
    static InputStream open(SourceFile file) throws IOException {
        InputStream in = file.content().open();
        try {
            return new GZIPInputStream(in, BUFFER_BYTES);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    private static long count(String name, FileContent content, long most) throws IOException {
        var buffer = new byte[BUFFER_BYTES];
        long size = 0;
        try (InputStream in = content.open()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                size += read;
                if (size > most) {
                    throw new ProblemException(
                            ProblemCode.BODY_TOO_LARGE,
                            "%s inflates to more than %d bytes; send it uncompressed"
                                    .formatted(name, most));
                }
            }
        } catch (EOFException e) {
            throw broken(name, "is cut off", e);
        } catch (ZipException e) {
            throw broken(name, "is damaged (" + e.getMessage() + ")", e);
        }
        return size;
    }

    private static ProblemException broken(String name, String what, IOException cause) {
        return new ProblemException(
                ProblemCode.INVALID_DATASET,
                "%s %s; compress it with gzip again".formatted(name, what),
                cause);
    }

    private static String plainName(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(".gz")
                ? name.substring(0, name.length() - ".gz".length())
                : name;
    }
}
