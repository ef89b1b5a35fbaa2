package dev.hearth.dataset.zip;

import dev.hearth.problem.Violation;
import dev.hearth.tensorfile.MappedBytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A zip archive from anywhere. Only what is certain is read: names that lead nowhere but down,
 * plain files once each, whose own headers say what the directory says. May be used by several
 * threads; nothing of it can be used once it is closed.
 */
public final class ZipArchive implements AutoCloseable {

    private static final int LOCAL_SIGNATURE = 0x04034b50;
    private static final int LOCAL_BYTES = 30;
    private static final int PIECE_BYTES = 1 << 16;

    /** Deflate cannot make less of anything. */
    private static final long MOST_TIMES = 1032;

    private final MappedBytes file;
    private final List<ZipEntry> entries;

    private ZipArchive(MappedBytes file, List<ZipEntry> entries) {
        this.file = file;
        this.entries = List.copyOf(entries);
    }

    /**
     * @param violations told of each entry that is refused
     * @throws dev.hearth.problem.ProblemException where it is no archive, or has too many entries
     */
    public static ZipArchive open(Path path, long mostEntries, Consumer<Violation> violations)
            throws IOException {
        MappedBytes file = MappedBytes.mapShared(path);
        try {
            return new ZipArchive(file, ZipDirectory.read(file, mostEntries, violations));
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** The files in it, in the order of its directory, but those that were refused. */
    public List<ZipEntry> entries() {
        return entries;
    }

    /**
     * An entry's bytes.
     *
     * @param shown what to call it in a problem
     * @throws dev.hearth.problem.ProblemException where there are more than the budget has
     */
    public byte[] read(ZipEntry entry, String shown, InflationBudget budget)
            throws BadEntryException {
        long begin = begin(entry);
        var output = new Output(entry, shown, budget);
        if (entry.method() == ZipEntry.STORED) {
            copy(begin, entry.sizeBytes(), output);
        } else {
            inflate(begin, entry.compressedBytes(), output);
        }
        if (output.total != entry.sizeBytes() || (int) output.checksum.getValue() != entry.crc()) {
            throw new BadEntryException(
                    "its bytes do not have the length and the checksum that the archive tells: the"
                            + " archive is damaged; make it anew");
        }
        return output.kept;
    }

    private long begin(ZipEntry entry) throws BadEntryException {
        long at = entry.header();
        boolean isThere = file.intAt(at) == LOCAL_SIGNATURE;
        long name = at + LOCAL_BYTES;
        int nameBytes = file.shortAt(at + 26);
        long begin = name + nameBytes + file.shortAt(at + 28);
        boolean sizesFollow = (entry.flags() & ZipEntry.SIZES_FOLLOW) != 0;
        if (!isThere
                || begin > file.size() - entry.compressedBytes()
                || file.shortAt(at + 8) != entry.method()
                || ((file.shortAt(at + 6) ^ entry.flags())
                                & (ZipEntry.ENCRYPTED | ZipEntry.SIZES_FOLLOW))
                        != 0
                || !(sizesFollow || file.intAt(at + 14) == entry.crc())
                || !(sizesFollow || agrees(file.unsignedIntAt(at + 18), entry.compressedBytes()))
                || !(sizesFollow || agrees(file.unsignedIntAt(at + 22), entry.sizeBytes()))
                || !EntryName.read(file.copy(name, nameBytes), (entry.flags() & ZipEntry.UTF8) != 0)
                        .filter(entry.name()::equals)
                        .isPresent()) {
            throw new BadEntryException(
                    "its own header and the archive's directory contradict each other: the archive"
                            + " is damaged or made up; make it anew");
        }
        return begin;
    }

    private static boolean agrees(long narrow, long size) {
        return narrow == size || narrow == 0xFFFF_FFFFL;
    }

    private void copy(long begin, long size, Output output) {
        for (long at = 0; at < size; ) {
            int length = (int) Math.min(size - at, output.room());
            file.view(begin + at, length).get(output.target(), output.place(), length);
            output.add(length);
            at += length;
        }
    }

    private void inflate(long begin, long size, Output output) throws BadEntryException {
        var inflater = new Inflater(true);
        try {
            long at = 0;
            while (!inflater.finished()) {
                if (inflater.needsInput()) {
                    if (at == size) {
                        throw new BadEntryException(
                                "its compressed bytes end too early: the archive is damaged; make"
                                        + " it anew");
                    }
                    int length = (int) Math.min(size - at, 1 << 20);
                    inflater.setInput(file.view(begin + at, length));
                    at += length;
                }
                int length = inflater.inflate(output.target(), output.place(), output.room());
                if (length == 0 && inflater.needsDictionary()) {
                    throw new DataFormatException("needs a dictionary");
                }
                output.add(length);
            }
        } catch (DataFormatException e) {
            throw new BadEntryException(
                    "its compressed bytes make no sense: the archive is damaged; make it anew");
        } finally {
            inflater.end();
        }
    }

    @Override
    public void close() {
        file.close();
    }

    /**
     * What has come out so far, counted before it is kept. Room is made at once for what the
     * directory tells, where that is allowed and can be; what is more than that is only counted.
     */
    private static final class Output {
        private final String shown;
        private final InflationBudget budget;
        private final CRC32 checksum = new CRC32();
        private final byte[] kept;
        private final byte[] spare = new byte[PIECE_BYTES];
        private long total;

        Output(ZipEntry entry, String shown, InflationBudget budget) {
            this.shown = shown;
            this.budget = budget;
            boolean canBe =
                    budget.allows(entry.sizeBytes())
                            && entry.sizeBytes() / MOST_TIMES <= entry.compressedBytes();
            this.kept = new byte[canBe ? Math.toIntExact(entry.sizeBytes()) : 0];
        }

        byte[] target() {
            return total < kept.length ? kept : spare;
        }

        int place() {
            return total < kept.length ? (int) total : 0;
        }

        /** How many bytes fit in {@link #target} from {@link #place} on. */
        int room() {
            return Math.min(target().length - place(), PIECE_BYTES);
        }

        void add(int length) {
            budget.take(shown, total, length);
            checksum.update(target(), place(), length);
            total += length;
        }
    }
}
