package dev.hearth.dataset;

import dev.hearth.http.Owner;
import dev.hearth.storage.Reservation;
import java.util.List;
import java.util.Optional;

/**
 * What a data set is to be made of.
 *
 * @param files at least one
 * @param parent the version that it comes from, if it is not the first
 * @param intake whose it is to be, and what is reserved for it
 */
record NewDataset(
        String name,
        List<SentFile> files,
        DatasetOptions options,
        Optional<DatasetEntry> parent,
        Intake intake) {

    /**
     * @param room has room for the files that have just been sent
     */
    record Intake(Owner owner, Reservation room) {}

    NewDataset {
        files = List.copyOf(files);
        if (files.isEmpty()) {
            throw new IllegalArgumentException("a data set of no files");
        }
    }

    /** A first version, called as the options say or else as its first file. */
    static NewDataset first(List<SourceFile> files, DatasetOptions options, Intake intake) {
        var name = options.name() == null ? files.getFirst().name() : options.name();
        return new NewDataset(
                name,
                files.stream().map(SentFile::fresh).toList(),
                options,
                Optional.empty(),
                intake);
    }

    List<SourceFile> sources() {
        return files.stream().map(SentFile::source).toList();
    }

    /** Of the parent's files, where they come to another owner's account by this. */
    long inheritedBytes() {
        return parent.filter(from -> !from.owner().equals(intake.owner()))
                .map(from -> StoredFile.sizeBytes(from.files()))
                .orElse(0L);
    }

    long sizeBytes() {
        return files.stream().mapToLong(file -> file.source().sizeBytes()).sum();
    }
}
