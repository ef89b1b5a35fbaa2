package dev.hearth.dataset;

import java.util.List;
import java.util.Optional;

/**
 * What a data set is to be made of.
 *
 * @param files at least one
 * @param parent the version that it comes from, if it is not the first
 */
record NewDataset(
        String name, List<SentFile> files, DatasetOptions options, Optional<DatasetEntry> parent) {

    NewDataset {
        files = List.copyOf(files);
        if (files.isEmpty()) {
            throw new IllegalArgumentException("a data set of no files");
        }
    }

    /** A first version, called as the options say or else as its first file. */
    static NewDataset first(List<SourceFile> files, DatasetOptions options) {
        var name = options.name() == null ? files.getFirst().name() : options.name();
        return new NewDataset(
                name, files.stream().map(SentFile::fresh).toList(), options, Optional.empty());
    }

    List<SourceFile> sources() {
        return files.stream().map(SentFile::source).toList();
    }

    long sizeBytes() {
        return files.stream().mapToLong(file -> file.source().sizeBytes()).sum();
    }
}
