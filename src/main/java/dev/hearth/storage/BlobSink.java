package dev.hearth.storage;

import java.io.IOException;
import java.io.OutputStream;

/** Where blobs are made. */
public interface BlobSink {

    /** Writes bytes to a blob that is being made. */
    @FunctionalInterface
    interface Writer {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Stores what {@code writer} writes, hashed on the way; never whole in memory. If it fails,
     * nothing is left behind.
     *
     * @throws dev.hearth.problem.ProblemException where the storage is full
     * @throws dev.hearth.problem.UnavailableException where the storage does not answer
     */
    Blob put(Writer writer) throws IOException;
}
