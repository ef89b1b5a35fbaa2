package dev.hearth.dataset;

import java.io.IOException;
import java.io.InputStream;

/** A file that can be read from its start as often as needed. */
@FunctionalInterface
interface CsvSource {
    InputStream open() throws IOException;
}
