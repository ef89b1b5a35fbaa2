package dev.hearth.upload;

import dev.hearth.storage.Blob;
import dev.hearth.storage.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.Iterator;

/** The parts of a file one after the other, one open at a time. */
final class PartsStream extends InputStream {

    private final BlobStore blobs;
    private final Iterator<Blob> left;
    private InputStream current = InputStream.nullInputStream();

    PartsStream(BlobStore blobs, Collection<Blob> parts) {
        this.blobs = blobs;
        this.left = parts.iterator();
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        var count = current.read(buffer, offset, length);
        while (count < 0 && left.hasNext()) {
            current.close();
            current = blobs.open(left.next().hash());
            count = current.read(buffer, offset, length);
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        current.close();
    }
}
