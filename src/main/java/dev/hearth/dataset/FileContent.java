package dev.hearth.dataset;

import java.io.IOException;
import java.io.InputStream;

/** A file's bytes, which can be read from their start as often as needed. */
@FunctionalInterface
interface FileContent {
    InputStream open() throws IOException;
}
