package dev.hearth.kill;

/** Moments of the writing of a checkpoint, in the order in which they come. */
enum DeathPoint {
    BEFORE_THE_FIRST_BYTE,
    AFTER_ONE_BYTE,
    AFTER_A_QUARTER_OF_THE_BYTES,
    AFTER_HALF_OF_THE_BYTES,
    BEFORE_THE_LAST_BYTE,
    WRITTEN_AND_NOT_YET_SYNCHRONISED,
    SYNCHRONISED_AND_NOT_YET_RENAMED,
    RENAMED,
    IN_A_TRANSACTION_THAT_HAS_BEGUN,
    PROGRESS_WRITTEN,
    METRICS_WRITTEN,
    BEFORE_THE_ROW,
    AFTER_THE_ROW,
    BEFORE_THE_BLOB_IS_OWNED,
    AFTER_THE_BLOB_IS_OWNED,
    OLD_ROW_DELETED,
    BEFORE_THE_COMMIT,
    AFTER_THE_COMMIT,
    BEFORE_THE_OLD_BYTES_ARE_DELETED,
    AFTER_THE_OLD_BYTES_ARE_DELETED;

    /** After how many of so many bytes it comes; 0 for what is not among the bytes. */
    long place(long sizeBytes) {
        return switch (this) {
            case AFTER_ONE_BYTE -> 1;
            case AFTER_A_QUARTER_OF_THE_BYTES -> sizeBytes / 4;
            case AFTER_HALF_OF_THE_BYTES -> sizeBytes / 2;
            case BEFORE_THE_LAST_BYTE -> sizeBytes - 1;
            case BEFORE_THE_FIRST_BYTE,
                    WRITTEN_AND_NOT_YET_SYNCHRONISED,
                    SYNCHRONISED_AND_NOT_YET_RENAMED,
                    RENAMED,
                    IN_A_TRANSACTION_THAT_HAS_BEGUN,
                    PROGRESS_WRITTEN,
                    METRICS_WRITTEN,
                    BEFORE_THE_ROW,
                    AFTER_THE_ROW,
                    BEFORE_THE_BLOB_IS_OWNED,
                    AFTER_THE_BLOB_IS_OWNED,
                    OLD_ROW_DELETED,
                    BEFORE_THE_COMMIT,
                    AFTER_THE_COMMIT,
                    BEFORE_THE_OLD_BYTES_ARE_DELETED,
                    AFTER_THE_OLD_BYTES_ARE_DELETED ->
                    0;
        };
    }

    /** Whether the new checkpoint counts. */
    boolean isCommitted() {
        return compareTo(AFTER_THE_COMMIT) >= 0;
    }
}
