package dev.hearth.dataset;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A file whose reading is told as progress, and can so be stopped.
 *
 * @param from the fraction at the file's start
 * @param to the fraction at its end
 * @param what is done with the bytes
 */
record WatchedContent(
        SourceFile file, PreparationProgress progress, double from, double to, String what)
        implements FileContent {

    @Override
    public InputStream open() throws IOException {
        progress.at(from, what);
        return new WatchedStream(file.content().open());
    }

    private final class WatchedStream extends FilterInputStream {

        private long count;

        WatchedStream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            var next = in.read();
            count += next < 0 ? 0 : 1;
            return next;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            var read = in.read(buffer, offset, length);
            count += Math.max(0, read);
            double done = Math.min(1, (double) count / Math.max(1, file.sizeBytes()));
            progress.at(from + (to - from) * done, what);
            return read;
        }
    }
}
