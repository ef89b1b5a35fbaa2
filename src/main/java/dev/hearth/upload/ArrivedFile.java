package dev.hearth.upload;

import java.io.IOException;
import java.io.InputStream;

/** A file of which all parts are there. */
public record ArrivedFile(String name, long sizeBytes, Content content) {

    /** Its bytes, which can be read from their start as often as needed. */
    @FunctionalInterface
    public interface Content {
        InputStream open() throws IOException;
    }
}
