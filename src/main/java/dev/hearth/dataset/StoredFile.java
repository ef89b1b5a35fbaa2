package dev.hearth.dataset;

import dev.hearth.storage.Blob;
import dev.hearth.storage.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One of the files that a data set was made of, byte for byte as it was sent. */
public record StoredFile(String name, Blob blob) {

    /** Of all files together. */
    static long sizeBytes(List<StoredFile> files) {
        return files.stream().mapToLong(file -> file.blob().sizeBytes()).sum();
    }

    /** Of the file; where there are several, of their hexadecimal hashes, a line for each. */
    static Sha256 sha256(List<StoredFile> files) {
        if (files.size() == 1) {
            return files.getFirst().blob().hash();
        }
        var digest = Sha256.newDigest();
        files.forEach(file ->
                digest.update(
                        (file.blob().hash().hex() + "\n").getBytes(StandardCharsets.US_ASCII)));
        return Sha256.of(digest);
    }
}
