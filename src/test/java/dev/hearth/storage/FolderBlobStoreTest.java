package dev.hearth.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The contract, with blobs in a folder. */
class FolderBlobStoreTest extends BlobStoreContract {

    @Override
    BlobPlace emptyPlace() throws IOException {
        return new FolderPlace(folder.resolve("blobs"), Instant::now);
    }

    @Test
    void otherFilesInTheFolderAreNoBlobs() throws IOException {
        var foreign = folder.resolve("blobs/ab/notes.txt");
        Files.createDirectories(foreign.getParent());
        Files.writeString(foreign, "mine");

        assertThat(stored()).isEmpty();
        assertThat(foreign).exists();
    }
}
