package dev.hearth.dataset;

import dev.hearth.problem.Violation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The IDX files of one set, which belong together: the rows of the files of pictures follow each
 * other, and so do those of the files of labels.
 *
 * @param images all of one shape of a picture, in the order in which they were sent
 * @param labels with as many rows, unless there are only the ones or the others
 */
record IdxFiles(List<IdxFile> images, List<IdxFile> labels) {

    IdxFiles {
        images = List.copyOf(images);
        labels = List.copyOf(labels);
    }

    /**
     * @param isConverted whether pictures become grey or colours, so that both may be added to each
     *     other
     * @throws dev.hearth.problem.ProblemException INVALID_DATASET with every file that does not fit
     */
    static IdxFiles of(List<IdxFile> files, long maxRows, boolean isConverted) {
        var images = new ArrayList<IdxFile>();
        var labels = new ArrayList<IdxFile>();
        var violations = new Violations();
        for (IdxFile file : files) {
            if (file.isLabels()) {
                labels.add(file);
            } else if (file.isImages()) {
                images.add(file);
            } else {
                violations.add(
                        new Violation(
                                file.name(),
                                "has the shape %s of %s; expected pictures, U8 [n, height, width] or [n, channels, height, width] with 1 or 3 channels, or labels, whole numbers [n]"
                                        .formatted(file.shape(), file.type())));
            }
        }
        requireRows(images, maxRows, violations);
        requireRows(labels, maxRows, violations);
        requireOneShape(images, isConverted, violations);
        violations.throwIfAny();
        requireAsMany(images, labels, violations);
        violations.throwIfAny();
        return new IdxFiles(images, labels);
    }

    private static void requireRows(List<IdxFile> files, long maxRows, Violations violations) {
        if (rows(files) > maxRows) {
            violations.add(
                    new Violation(
                            files.getLast().name(),
                            "makes %,d rows%s; this service takes at most %,d"
                                    .formatted(
                                            rows(files),
                                            files.size() == 1 ? "" : " of all files together",
                                            maxRows)));
        }
    }

    private static void requireOneShape(
            List<IdxFile> images, boolean isConverted, Violations violations) {
        for (IdxFile file : images) {
            IdxFile first = images.getFirst();
            if (file.height() != first.height()
                    || file.width() != first.width()
                    || (file.channels() != first.channels() && !isConverted)) {
                violations.add(
                        new Violation(
                                file.name(),
                                "has pictures of %s, and those of %s are of %s; add pictures of the same shape%s"
                                        .formatted(
                                                words(file),
                                                first.name(),
                                                words(first),
                                                file.channels() == first.channels()
                                                        ? ""
                                                        : ", or say how to read all of them with the options {\"images\": {\"mode\": \"L\"}} or \"RGB\"")));
            }
        }
    }

    private static String words(IdxFile file) {
        return "%d×%d pixels in %s"
                .formatted(
                        file.height(),
                        file.width(),
                        file.channels() == 1 ? "grey" : file.channels() + " channels");
    }

    /** Each file of pictures with its labels, where there are as many of both. */
    private static void requireAsMany(
            List<IdxFile> images, List<IdxFile> labels, Violations violations) {
        if (images.isEmpty() || labels.isEmpty()) {
            return;
        }
        if (images.size() == labels.size()) {
            for (int i = 0; i < images.size(); i++) {
                IdxFile pictures = images.get(i);
                IdxFile own = labels.get(i);
                if (pictures.rows() != own.rows()) {
                    violations.add(
                            new Violation(
                                    pictures.name(),
                                    "has %,d pictures, but %s has %,d labels; send the two files that belong together"
                                            .formatted(pictures.rows(), own.name(), own.rows())));
                }
            }
        } else if (rows(images) != rows(labels)) {
            violations.add(
                    new Violation(
                            (images.size() > labels.size() ? images : labels).getLast().name(),
                            "there would be %,d pictures (%s), but %,d labels (%s); add as many of the ones as of the others"
                                    .formatted(
                                            rows(images),
                                            names(images),
                                            rows(labels),
                                            names(labels))));
        }
    }

    private static String names(List<IdxFile> files) {
        return files.stream().map(IdxFile::name).collect(Collectors.joining(", "));
    }

    private static long rows(List<IdxFile> files) {
        return files.stream().mapToLong(IdxFile::rows).sum();
    }

    /** How many pictures there are. */
    long pictures() {
        return rows(images);
    }

    /** The labels as rows of one cell. */
    RowSource labelRows() {
        return maxCells -> new IdxLabels(labels, maxCells);
    }

    /** Takes a picture's values, row-major by channel. */
    @FunctionalInterface
    interface PictureSink {
        void take(IdxFile file, byte[] values) throws IOException;
    }

    /** Reads the pictures of all files, in their order. */
    void forEachPicture(PictureSink sink) throws IOException {
        for (IdxFile file : images) {
            try (var in = file.open()) {
                for (long row = 0; row < file.rows(); row++) {
                    sink.take(file, file.next(in, file.rowBytes()));
                }
                file.requireEnd(in);
            }
        }
    }
}
