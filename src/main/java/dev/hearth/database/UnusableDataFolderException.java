package dev.hearth.database;

import org.jspecify.annotations.Nullable;

/** The embedded database cannot start; says why, and what to do about it. */
final class UnusableDataFolderException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String remedy;

    UnusableDataFolderException(String what, String remedy, @Nullable Throwable cause) {
        super(what, cause);
        this.remedy = remedy;
    }

    String remedy() {
        return remedy;
    }
}
