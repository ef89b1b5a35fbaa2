package dev.hearth.dataset;

import java.util.Optional;

/**
 * A file that a data set is to be made of.
 *
 * @param kept where it is one of another version's files: its bytes are stored already
 */
record SentFile(SourceFile source, Optional<StoredFile> kept) {

    static SentFile fresh(SourceFile source) {
        return new SentFile(source, Optional.empty());
    }
}
