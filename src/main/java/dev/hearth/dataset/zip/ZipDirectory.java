package dev.hearth.dataset.zip;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.Violation;
import dev.hearth.tensorfile.MappedBytes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The directory at the end of an archive.
 *
 * <p>Source: PKWARE's APPNOTE.TXT 6.3.
 */
final class ZipDirectory {

    private static final int END_SIGNATURE = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int MOST_COMMENT_BYTES = 0xFFFF;
    private static final int LOCATOR_SIGNATURE = 0x07064b50;
    private static final int LOCATOR_BYTES = 20;
    private static final int END64_SIGNATURE = 0x06064b50;
    private static final int END64_BYTES = 56;
    private static final int RECORD_SIGNATURE = 0x02014b50;
    private static final int RECORD_BYTES = 46;
    private static final int LOCAL_BYTES = 30;
    private static final long UNKNOWN = 0xFFFF_FFFFL;
    private static final int UNIX = 3;
    private static final int FILE_TYPE = 0xF000;
    private static final int SYMBOLIC_LINK = 0xA000;
    private static final Set<Integer> FILE_OR_FOLDER = Set.of(0, 0x8000, 0x4000);

    private final MappedBytes file;
    private final Consumer<Violation> violations;
    private final Set<String> names = new HashSet<>();

    private ZipDirectory(MappedBytes file, Consumer<Violation> violations) {
        this.file = file;
        this.violations = violations;
    }

    /** A directory's place in the file. */
    private record Place(long position, long size, long entries) {}

    /**
     * The files in the archive, in the order of the directory, without folders.
     *
     * @param violations told of each entry that is refused; such entries are left out
     */
    static List<ZipEntry> read(MappedBytes file, long mostEntries, Consumer<Violation> violations) {
        return new ZipDirectory(file, violations).read(mostEntries);
    }

    private List<ZipEntry> read(long mostEntries) {
        Place place = place();
        if (place.entries() > mostEntries) {
            throw new ProblemException(
                    ProblemCode.BODY_TOO_LARGE,
                    "the archive has %,d entries; this service takes at most %,d in one archive, so send several archives"
                            .formatted(place.entries(), mostEntries));
        }
        var entries = new ArrayList<ZipEntry>();
        long end = place.position() + place.size();
        long at = place.position();
        for (long i = 0; i < place.entries(); i++) {
            require(at <= end - RECORD_BYTES && file.intAt(at) == RECORD_SIGNATURE);
            long next =
                    at
                            + RECORD_BYTES
                            + file.shortAt(at + 28)
                            + file.shortAt(at + 30)
                            + file.shortAt(at + 32);
            require(next <= end);
            entry(at, place.position()).ifPresent(entries::add);
            at = next;
        }
        require(at == end);
        refuseOverlaps(entries, place.position());
        return entries;
    }

    private Place place() {
        long end = file.size() - END_BYTES;
        long first = Math.max(0, end - MOST_COMMENT_BYTES);
        while (end >= first
                && !(file.intAt(end) == END_SIGNATURE
                        && file.shortAt(end + 20) == file.size() - END_BYTES - end)) {
            end--;
        }
        if (end < first) {
            throw whole(
                    "has no directory at its end: it is truncated; send it whole, as the program wrote"
                            + " it");
        }
        require(file.shortAt(end + 4) == 0 && file.shortAt(end + 6) == 0);
        require(file.shortAt(end + 8) == file.shortAt(end + 10));
        var small =
                new Place(
                        file.unsignedIntAt(end + 16),
                        file.unsignedIntAt(end + 12),
                        file.shortAt(end + 10));
        long locator = end - LOCATOR_BYTES;
        if (locator < END64_BYTES || file.intAt(locator) != LOCATOR_SIGNATURE) {
            return inside(small, end);
        }
        long end64 = file.longAt(locator + 8);
        require(end64 >= 0 && end64 <= locator - END64_BYTES);
        require(file.intAt(end64) == END64_SIGNATURE);
        require(file.longAt(end64 + 24) == file.longAt(end64 + 32));
        var large =
                new Place(
                        file.longAt(end64 + 48), file.longAt(end64 + 40), file.longAt(end64 + 32));
        require(small.entries() == 0xFFFF || small.entries() == large.entries());
        require(small.size() == UNKNOWN || small.size() == large.size());
        require(small.position() == UNKNOWN || small.position() == large.position());
        return inside(large, end64);
    }

    private static Place inside(Place place, long end) {
        require(
                place.size() >= 0
                        && place.position() >= 0
                        && place.size() <= end
                        && place.position() == end - place.size()
                        && place.entries() >= 0
                        && place.entries() <= place.size() / RECORD_BYTES);
        return place;
    }

    private Optional<ZipEntry> entry(long at, long limit) {
        int flags = file.shortAt(at + 8);
        byte[] bytes = file.copy(at + RECORD_BYTES, file.shortAt(at + 28));
        Optional<String> read = EntryName.read(bytes, (flags & ZipEntry.UTF8) != 0);
        String name = read.orElse("entry at byte " + at);
        Optional<String> fault =
                read.isEmpty()
                        ? Optional.of("has a name that is not UTF-8, as it says it is; rename it")
                        : EntryName.fault(name)
                                .or(() -> fault(at, flags, name))
                                .or(() ->
                                        names.add(name)
                                                ? Optional.empty()
                                                : Optional.of(
                                                        "is in the archive twice; rename or remove one"));
        if (fault.isPresent()) {
            violations.accept(new Violation(EntryName.shown(name), fault.get()));
            return Optional.empty();
        }
        if (name.endsWith("/")) {
            return Optional.empty();
        }
        Optional<ZipEntry> entry = sized(at, flags, name);
        if (entry.isEmpty() || !lies(entry.get(), limit)) {
            violations.accept(
                    new Violation(
                            EntryName.shown(name),
                            "lies outside of the archive, or its size is told in two ways: the archive is"
                                    + " damaged; make it anew"));
            return Optional.empty();
        }
        return entry;
    }

    private Optional<String> fault(long at, int flags, String name) {
        int method = file.shortAt(at + 10);
        int type =
                file.shortAt(at + 4) >>> 8 == UNIX
                        ? (int) (file.unsignedIntAt(at + 38) >>> 16) & FILE_TYPE
                        : 0;
        if ((flags & ZipEntry.ENCRYPTED) != 0 || method == 99) {
            return Optional.of("is encrypted; make the archive without a password");
        }
        if (type == SYMBOLIC_LINK) {
            return Optional.of("is a symbolic link; put the file itself into the archive");
        }
        if (!FILE_OR_FOLDER.contains(type)) {
            return Optional.of("is neither a file nor a folder; remove it");
        }
        if (method != ZipEntry.STORED && method != ZipEntry.DEFLATED) {
            return Optional.of(
                    "is compressed by method %d; make the archive with the usual one, Deflate"
                            .formatted(method));
        }
        if (name.endsWith("/") && file.unsignedIntAt(at + 24) != 0) {
            return Optional.of("is a folder with bytes of its own; make the archive anew");
        }
        return Optional.empty();
    }

    /** With the wide sizes of zip64 where the narrow ones are not enough. */
    private Optional<ZipEntry> sized(long at, int flags, String name) {
        long compressed = file.unsignedIntAt(at + 20);
        long size = file.unsignedIntAt(at + 24);
        long header = file.unsignedIntAt(at + 42);
        long extra = at + RECORD_BYTES + file.shortAt(at + 28);
        long end = extra + file.shortAt(at + 30);
        while (extra <= end - 4) {
            long field = extra + 4;
            long next = field + file.shortAt(extra + 2);
            if (next > end) {
                return Optional.empty();
            }
            if (file.shortAt(extra) == 1) {
                long[] narrow = {size, compressed, header};
                for (int i = 0; i < narrow.length; i++) {
                    if (narrow[i] == UNKNOWN) {
                        if (field > next - Long.BYTES) {
                            return Optional.empty();
                        }
                        narrow[i] = file.longAt(field);
                        field += Long.BYTES;
                    }
                }
                size = narrow[0];
                compressed = narrow[1];
                header = narrow[2];
            }
            extra = next;
        }
        return Optional.of(
                new ZipEntry(
                        name,
                        flags,
                        file.shortAt(at + 10),
                        file.intAt(at + 16),
                        compressed,
                        size,
                        header));
    }

    private static boolean lies(ZipEntry entry, long limit) {
        return entry.header() >= 0
                && entry.header() <= limit - LOCAL_BYTES
                && entry.compressedBytes() >= 0
                && entry.compressedBytes() <= limit - LOCAL_BYTES - entry.header()
                && entry.sizeBytes() >= 0
                && (entry.method() != ZipEntry.STORED
                        || entry.sizeBytes() == entry.compressedBytes());
    }

    /** Entries that share bytes make a small archive a large one. */
    private void refuseOverlaps(List<ZipEntry> entries, long limit) {
        List<ZipEntry> inOrder =
                entries.stream().sorted(Comparator.comparingLong(ZipEntry::header)).toList();
        for (int i = 0; i < inOrder.size(); i++) {
            ZipEntry entry = inOrder.get(i);
            long end = i + 1 < inOrder.size() ? inOrder.get(i + 1).header() : limit;
            if (entry.header() + LOCAL_BYTES + entry.compressedBytes() > end) {
                violations.accept(
                        new Violation(
                                EntryName.shown(entry.name()),
                                "shares bytes with the entry behind it: the archive is damaged or made up;"
                                        + " make it anew"));
            }
        }
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw whole("contradicts itself at its end: it is damaged; make it anew");
        }
    }

    private static ProblemException whole(String fault) {
        return new ProblemException(ProblemCode.INVALID_DATASET, "the archive " + fault);
    }
}
