package dev.hearth.torchscript;

import dev.hearth.tensorfile.BadFile;
import dev.hearth.tensorfile.MappedBytes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/**
 * Reads the zip container that {@code torch.save} writes, and no other zip. Every byte of the file
 * belongs to exactly one record or to the directory, whatever is told twice is told alike, and
 * checksums hold.
 *
 * <p>Source: PKWARE's APPNOTE.TXT 6.3; {@code caffe2/serialize/inline_container.cc} and miniz for
 * what PyTorch makes of it: records are stored, each but the empty ones followed by a data
 * descriptor, and the directory has a zip64 end record however small the file is.
 */
final class TorchZipReader {

    private static final int END_SIGNATURE = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int LOCATOR_SIGNATURE = 0x07064b50;
    private static final int LOCATOR_BYTES = 20;
    private static final int END64_SIGNATURE = 0x06064b50;
    private static final int END64_BYTES = 56;
    private static final int LOCAL_SIGNATURE = 0x04034b50;
    private static final int LOCAL_BYTES = 30;
    private static final int DESCRIPTOR_SIGNATURE = 0x08074b50;

    private static final int MOST_RECORDS = 200_000;
    private static final long MOST_DIRECTORY_BYTES = 32L << 20;
    private static final long UNKNOWN = 0xFFFF_FFFFL;

    private static final int ENCRYPTED = 0x1 | 0x40 | 0x2000;
    private static final int DESCRIPTOR = 0x8;
    private static final int UTF8 = 0x800;

    private static final Pattern RECORD =
            Pattern.compile(
                    "data\\.pkl|byteorder|version|data/[0-9]{1,9}|\\.[A-Za-z0-9_./]{1,100}");

    /** The bytes of a record. */
    record Entry(long position, long size) {}

    private final MappedBytes file;

    private TorchZipReader(MappedBytes file) {
        this.file = file;
    }

    /** The records by their names within the one folder that they are in. */
    static SequencedMap<String, Entry> read(MappedBytes file) {
        return new TorchZipReader(file).read();
    }

    private record Directory(long position, long size, long records) {

        long end() {
            return position + size;
        }
    }

    private SequencedMap<String, Entry> read() {
        Directory directory = directory();
        List<ZipRecord> records = records(directory);
        String folder = folder(records);
        var entries = new LinkedHashMap<String, Entry>();
        refuseOtherArchives(records, folder);
        long expected = 0;
        for (ZipRecord record :
                records.stream().sorted(Comparator.comparingLong(ZipRecord::header)).toList()) {
            String name = record.name().substring(folder.length());
            if (!RECORD.matcher(name).matches() || name.contains("..")) {
                throw record.bad(
                        "unknown record; torch.save writes data.pkl, byteorder, version and data/0,"
                                + " data/1, …");
            }
            requirePlain(record);
            if (record.header() != expected) {
                throw record.bad(
                        "expected at byte %d, where the record before it ends, got %d"
                                .formatted(expected, record.header()));
            }
            long position = local(record, directory.position());
            if (entries.put(name, new Entry(position, record.size())) != null) {
                throw record.bad("there are two records of that name");
            }
            expected = afterDescriptor(record, position + record.size(), directory.position());
        }
        if (expected != directory.position()) {
            throw BadFile.whole(
                    "the zip has bytes between its last record and its directory, which torch.save"
                            + " never leaves; save the state_dict anew");
        }
        return entries;
    }

    private Directory directory() {
        long end = file.size() - END_BYTES;
        if (end < 0 || file.intAt(end) != END_SIGNATURE || file.shortAt(end + 20) != 0) {
            throw BadFile.whole(
                    "the zip has no end record in its last 22 bytes: the file is truncated, or"
                            + " something follows it; send it whole, as torch.save wrote it");
        }
        requireEnd(file.shortAt(end + 4) == 0 && file.shortAt(end + 6) == 0);
        requireEnd(file.shortAt(end + 8) == file.shortAt(end + 10));
        long records = file.shortAt(end + 10);
        long size = file.unsignedIntAt(end + 12);
        long position = file.unsignedIntAt(end + 16);
        long locator = end - LOCATOR_BYTES;
        var small = new Directory(position, size, records);
        if (locator < END64_BYTES || file.intAt(locator) != LOCATOR_SIGNATURE) {
            return requireDirectory(small, end);
        }
        long end64 = locator - END64_BYTES;
        requireEnd(file.intAt(locator + 4) == 0 && file.intAt(locator + 16) == 1);
        requireEnd(file.longAt(locator + 8) == end64 && file.intAt(end64) == END64_SIGNATURE);
        requireEnd(file.longAt(end64 + 4) == END64_BYTES - 12);
        requireEnd(file.intAt(end64 + 16) == 0 && file.intAt(end64 + 20) == 0);
        requireEnd(file.longAt(end64 + 24) == file.longAt(end64 + 32));
        var large =
                new Directory(
                        file.longAt(end64 + 48), file.longAt(end64 + 40), file.longAt(end64 + 32));
        requireEnd(records == large.records() || records == 0xFFFF);
        requireEnd(size == large.size() || size == UNKNOWN);
        requireEnd(position == large.position() || position == UNKNOWN);
        return requireDirectory(large, end64);
    }

    private static Directory requireDirectory(Directory directory, long end) {
        boolean isBefore =
                directory.size() >= 0
                        && directory.position() >= 0
                        && directory.size() <= end
                        && directory.position() == end - directory.size();
        requireEnd(isBefore);
        if (directory.size() > MOST_DIRECTORY_BYTES
                || directory.records() < 0
                || directory.records() > MOST_RECORDS) {
            throw BadFile.whole(
                    "the zip has more than %d records, or a directory of more than 32 MB"
                            .formatted(MOST_RECORDS));
        }
        return directory;
    }

    private static void requireEnd(boolean holds) {
        if (!holds) {
            throw BadFile.whole(
                    "the zip's end records contradict one another or the file's length: it is damaged;"
                            + " send it as torch.save wrote it");
        }
    }

    private List<ZipRecord> records(Directory directory) {
        var records = new ArrayList<ZipRecord>();
        long at = directory.position();
        for (long i = 0; i < directory.records(); i++) {
            ZipRecord record = ZipRecord.read(file, at, directory.end());
            records.add(record);
            at = record.directoryEnd();
        }
        requireEnd(at == directory.end());
        if (records.isEmpty()) {
            throw BadFile.whole("the zip is empty; save a state_dict with torch.save");
        }
        return records;
    }

    /** With its slash. */
    private static String folder(List<ZipRecord> records) {
        String first = records.getFirst().name();
        String folder = first.substring(0, first.indexOf('/') + 1);
        for (ZipRecord record : records) {
            if (folder.length() < 2
                    || folder.equals("./")
                    || folder.equals("../")
                    || !record.name().startsWith(folder)) {
                throw record.bad(
                        "torch.save puts all records into one folder, and this one is not in it; save"
                                + " the state_dict with torch.save instead of making a zip by hand");
            }
        }
        return folder;
    }

    /** Before anything else, since such archives are legal in their own way. */
    private static void refuseOtherArchives(List<ZipRecord> records, String folder) {
        for (ZipRecord record : records) {
            String name = record.name().substring(folder.length());
            if (name.equals("constants.pkl") || name.startsWith("code/")) {
                throw BadFile.whole(
                        "this is a TorchScript archive, a program, which is not run here; send its"
                                + " weights: torch.save(torch.jit.load(\"model.pt\").state_dict(),"
                                + " \"weights.pt\")");
            }
        }
        if (records.stream().noneMatch(record -> record.name().equals(folder + "data.pkl"))) {
            throw BadFile.whole(
                    "the zip has no record data.pkl, so torch.save did not write it; send what"
                            + " torch.save(model.state_dict(), \"weights.pt\") writes");
        }
    }

    private static void requirePlain(ZipRecord record) {
        if ((record.flags() & ENCRYPTED) != 0) {
            throw record.bad("it is encrypted; send the file as torch.save wrote it");
        }
        if (record.method() != 0 || record.size() != record.compressedSize()) {
            throw record.bad(
                    "it is compressed, and torch.save only stores; send the file as torch.save wrote"
                            + " it");
        }
        if ((record.flags() & ~(DESCRIPTOR | UTF8)) != 0) {
            throw record.bad("its flags %#x are not torch.save's".formatted(record.flags()));
        }
    }

    /** Compares the record's own header with the directory; answers where its bytes begin. */
    private long local(ZipRecord record, long end) {
        long at = record.header();
        if (at > end - LOCAL_BYTES || file.intAt(at) != LOCAL_SIGNATURE) {
            throw record.bad("there is no header at byte " + at);
        }
        long position = at + LOCAL_BYTES + file.shortAt(at + 26) + file.shortAt(at + 28);
        boolean sizesLater = (record.flags() & DESCRIPTOR) != 0;
        boolean agrees =
                file.shortAt(at + 6) == record.flags()
                        && file.shortAt(at + 8) == record.method()
                        && position <= end
                        && record.isNamed(file, at + LOCAL_BYTES, file.shortAt(at + 26))
                        && agrees(file.unsignedIntAt(at + 14), record.crc(), sizesLater)
                        && agrees(file.unsignedIntAt(at + 18), record.size(), sizesLater)
                        && agrees(file.unsignedIntAt(at + 22), record.size(), sizesLater);
        if (!agrees) {
            throw record.bad(
                    "its own header and the zip's directory contradict each other: the file is damaged"
                            + " or made up; send it as torch.save wrote it");
        }
        if (record.size() > end - position) {
            throw record.bad(
                    "it has %d bytes, but only %d are there: the file is truncated"
                            .formatted(record.size(), end - position));
        }
        return position;
    }

    private static boolean agrees(long local, long directory, boolean sizesLater) {
        return local == directory || (sizesLater && local == 0);
    }

    private long afterDescriptor(ZipRecord record, long dataEnd, long end) {
        if (file.crc32(dataEnd - record.size(), record.size()) != (int) record.crc()) {
            throw record.bad(
                    "its bytes do not have their checksum: the file is damaged, or was saved with"
                            + " torch.serialization.set_crc32_options(False); save it anew");
        }
        if ((record.flags() & DESCRIPTOR) == 0) {
            return dataEnd;
        }
        boolean wide = record.size() >= UNKNOWN || record.header() >= UNKNOWN;
        int bytes = wide ? 24 : 16;
        boolean agrees =
                bytes <= end - dataEnd
                        && file.intAt(dataEnd) == DESCRIPTOR_SIGNATURE
                        && file.unsignedIntAt(dataEnd + 4) == record.crc()
                        && (wide
                                ? file.longAt(dataEnd + 8) == record.size()
                                        && file.longAt(dataEnd + 16) == record.size()
                                : file.unsignedIntAt(dataEnd + 8) == record.size()
                                        && file.unsignedIntAt(dataEnd + 12) == record.size());
        if (!agrees) {
            throw record.bad(
                    "what follows its bytes contradicts the zip's directory: the file is damaged; send"
                            + " it as torch.save wrote it");
        }
        return dataEnd + bytes;
    }
}
