package dev.hearth.dataset.zip;

import dev.hearth.problem.Violation;
import dev.hearth.tensorfile.MappedBytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
    private static final int CHUNK_BYTES = 1 << 18;
    private static final int SMALL_BYTES = 1 << 12;

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
        var chunks = new Chunks(shown, budget, entry.sizeBytes());
        if (entry.method() == ZipEntry.STORED) {
            copy(begin, entry.sizeBytes(), chunks);
        } else {
            inflate(begin, entry.compressedBytes(), chunks);
        }
        if (chunks.total != entry.sizeBytes() || (int) chunks.checksum.getValue() != entry.crc()) {
            throw new BadEntryException(
                    "its bytes do not have the length and the checksum that the archive tells: the"
                            + " archive is damaged; make it anew");
        }
        return chunks.joined();
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
                    "its own header and the archive's directory contradict each other: the archive is"
                            + " damaged or made up; make it anew");
        }
        return begin;
    }

    private static boolean agrees(long narrow, long size) {
        return narrow == size || narrow == 0xFFFF_FFFFL;
    }

    private void copy(long begin, long size, Chunks chunks) {
        for (long at = 0; at < size; ) {
            byte[] chunk = chunks.room();
            int length = (int) Math.min(size - at, chunk.length - chunks.used);
            file.view(begin + at, length).get(chunk, chunks.used, length);
            chunks.add(length);
            at += length;
        }
    }

    private void inflate(long begin, long size, Chunks chunks) throws BadEntryException {
        var inflater = new Inflater(true);
        try {
            long at = 0;
            while (!inflater.finished()) {
                if (inflater.needsInput()) {
                    if (at == size) {
                        throw new BadEntryException(
                                "its compressed bytes end too early: the archive is damaged; make it anew");
                    }
                    int length = (int) Math.min(size - at, 1 << 20);
                    inflater.setInput(file.view(begin + at, length));
                    at += length;
                }
                byte[] chunk = chunks.room();
                int length = inflater.inflate(chunk, chunks.used, chunk.length - chunks.used);
                if (length == 0 && inflater.needsDictionary()) {
                    throw new DataFormatException("needs a dictionary");
                }
                chunks.add(length);
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

    /** What has come out so far, counted before it is kept. */
    private static final class Chunks {
        private final String shown;
        private final InflationBudget budget;
        private final List<byte[]> full = new ArrayList<>();
        private final CRC32 checksum = new CRC32();
        private byte[] last;
        private int used;
        private long total;

        Chunks(String shown, InflationBudget budget, long declared) {
            this.shown = shown;
            this.budget = budget;
            // One byte more than declared, so that a second chunk is needed only by those who lie.
            this.last = new byte[Math.clamp(declared + 1, SMALL_BYTES, CHUNK_BYTES)];
        }

        byte[] room() {
            if (used == last.length) {
                full.add(last);
                last = new byte[CHUNK_BYTES];
                used = 0;
            }
            return last;
        }

        void add(int length) {
            budget.take(shown, total, length);
            checksum.update(last, used, length);
            used += length;
            total += length;
        }

        byte[] joined() {
            if (full.isEmpty()) {
                return Arrays.copyOf(last, used);
            }
            var all = new byte[Math.toIntExact(total)];
            int at = 0;
            for (byte[] chunk : full) {
                System.arraycopy(chunk, 0, all, at, chunk.length);
                at += chunk.length;
            }
            System.arraycopy(last, 0, all, at, used);
            return all;
        }
    }
}
