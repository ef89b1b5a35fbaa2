package dev.hearth.dataset;

import dev.hearth.dataset.zip.ZipArchive;
import dev.hearth.dataset.zip.ZipEntry;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.Violation;
import dev.hearth.storage.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The pictures in one or several archives, open for reading. Closing deletes their copies. */
final class ImageArchives implements AutoCloseable {

    private static final Set<String> PICTURES =
            Set.of("png", "jpg", "jpeg", "jpe", "jfif", "gif", "bmp", "dib", "webp");
    private static final Set<String> OTHER_PICTURES =
            Set.of(
                    "svg", "svgz", "tif", "tiff", "heic", "heif", "avif", "jp2", "jxl", "ico",
                    "psd", "pbm", "pgm", "ppm", "tga", "eps", "pdf", "raw", "cr2", "nef", "dng",
                    "dcm");
    private static final Set<String> ARCHIVES =
            Set.of("zip", "tar", "gz", "tgz", "bz2", "xz", "7z", "rar", "zst", "jar");
    private static final Set<String> ASIDES =
            Set.of(
                    "txt", "md", "csv", "tsv", "json", "xml", "yaml", "yml", "html", "htm", "log",
                    "ini", "db", "rst", "license", "py", "ipynb");

    private final Scratch scratch;
    private final List<Path> copies = new ArrayList<>();
    private final List<ZipArchive> archives = new ArrayList<>();
    private final List<ImageSource> sources = new ArrayList<>();
    private final List<String> ignored = new ArrayList<>();

    private ImageArchives(Scratch scratch) {
        this.scratch = scratch;
    }

    /**
     * @throws ProblemException with all entries that are refused
     */
    static ImageArchives open(
            List<SourceFile> files,
            ImageSettings limits,
            Scratch scratch,
            PreparationProgress progress)
            throws IOException {
        var opened = new ImageArchives(scratch);
        try {
            opened.openAll(files, limits, progress);
            return opened;
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private void openAll(List<SourceFile> files, ImageSettings limits, PreparationProgress progress)
            throws IOException {
        var violations = new Violations();
        for (SourceFile file : files) {
            progress.at(0, "reading " + file.name());
            requireZip(file);
            ZipArchive archive =
                    ZipArchive.open(
                            copy(file),
                            limits.maxEntries(),
                            violation -> violations.add(within(file, files.size(), violation)));
            archives.add(archive);
            for (ZipEntry entry : archive.entries()) {
                String name = shown(file, files.size(), entry.name());
                sort(new ImageSource(name, archive, entry), violations);
            }
        }
        refuseSameNames(violations);
        violations.throwIfAny();
        if (sources.isEmpty()) {
            throw new ProblemException(
                    ProblemCode.INVALID_DATASET,
                    "the archive has no pictures; put PNG, JPEG, GIF, BMP or WebP files into folders named"
                            + " by class, such as cat/1.png");
        }
    }

    private static void requireZip(SourceFile file) {
        if (file.kind() != FileKind.ZIP && file.kind() != FileKind.EMPTY_ZIP) {
            throw ProblemException.at(
                    ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                    file.name(),
                    "is no zip archive whatever its name says, but %s; send a zip archive"
                            .formatted(file.kind().words()));
        }
    }

    private Path copy(SourceFile file) throws IOException {
        Path copy = file.copy(scratch);
        copies.add(copy);
        return copy;
    }

    private static String shown(SourceFile file, int files, String name) {
        return files == 1 ? name : file.name() + "/" + name;
    }

    private static Violation within(SourceFile file, int files, Violation violation) {
        return new Violation(shown(file, files, violation.pointer()), violation.message());
    }

    private void sort(ImageSource source, Violations violations) {
        String name = source.entry().name();
        String file = source.fileName();
        String extension = file.substring(file.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        if (name.startsWith("__MACOSX/") || file.startsWith(".") || file.equals("Thumbs.db")) {
            return;
        }
        if (PICTURES.contains(extension)) {
            sources.add(source);
        } else if (OTHER_PICTURES.contains(extension)) {
            throw ProblemException.at(
                    ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                    source.name(),
                    "is of a form that is not read; save it as PNG, JPEG, GIF, BMP or WebP");
        } else if (ARCHIVES.contains(extension)) {
            violations.add(
                    new Violation(
                            source.name(),
                            "is an archive within the archive; unpack it, or send it as a file of its own"));
        } else if (ASIDES.contains(extension)) {
            ignored.add(source.name());
        } else {
            violations.add(
                    new Violation(
                            source.name(),
                            "is no picture by its name; remove it, or name it by its form, such as .png"));
        }
    }

    private void refuseSameNames(Violations violations) {
        if (archives.size() < 2) {
            return;
        }
        var names = new HashMap<String, ImageSource>();
        for (ImageSource source : sources) {
            ImageSource first = names.putIfAbsent(source.entry().name(), source);
            if (first != null) {
                violations.add(
                        new Violation(
                                source.name(),
                                "has the name of %s; several archives are one set, so rename or remove one"
                                        .formatted(first.name())));
            }
        }
    }

    /** In the order of the archives. */
    List<ImageSource> sources() {
        return List.copyOf(sources);
    }

    /** Files that are no pictures, and are left alone. */
    List<String> ignored() {
        return List.copyOf(ignored);
    }

    @Override
    public void close() throws IOException {
        archives.forEach(ZipArchive::close);
        for (Path copy : copies) {
            Files.deleteIfExists(copy);
        }
    }
}
