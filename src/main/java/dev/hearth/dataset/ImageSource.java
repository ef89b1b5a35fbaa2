package dev.hearth.dataset;

import dev.hearth.dataset.zip.BadEntryException;
import dev.hearth.dataset.zip.InflationBudget;
import dev.hearth.dataset.zip.ZipArchive;
import dev.hearth.dataset.zip.ZipEntry;

/**
 * A picture's file in an archive.
 *
 * @param name of the entry, and of the archive where there are several
 */
record ImageSource(String name, ZipArchive archive, ZipEntry entry) {

    byte[] read(InflationBudget budget) throws BadEntryException {
        return archive.read(entry, name, budget);
    }

    /** How large the file is, as its archive tells: it is not read where it is larger. */
    long sizeBytes() {
        return entry.sizeBytes();
    }

    /** The folder that it is in, without what is above; empty where it is in none. */
    String parent() {
        String folder = folder();
        return folder.substring(folder.lastIndexOf('/') + 1);
    }

    /** The path of the folder that it is in. */
    String folder() {
        return entry.name().substring(0, Math.max(0, entry.name().lastIndexOf('/')));
    }

    String fileName() {
        return entry.name().substring(entry.name().lastIndexOf('/') + 1);
    }
}
