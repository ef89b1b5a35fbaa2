package dev.hearth.dataset.image;

import java.io.IOException;
import java.util.Arrays;
import javax.imageio.stream.ImageInputStreamImpl;

/** Bytes in memory, for the readers of the JDK. */
final class ByteArrayImageInput extends ImageInputStreamImpl {

    /** What the WebP reader holds of a file at once. */
    private static final int LOOK_AHEAD_BYTES = Long.BYTES;

    private final byte[] bytes;
    private final boolean isEndFatal;

    private ByteArrayImageInput(byte[] bytes, boolean isEndFatal) {
        this.bytes = bytes;
        this.isEndFatal = isEndFatal;
    }

    ByteArrayImageInput(byte[] bytes) {
        this(bytes, false);
    }

    /**
     * For the WebP reader, which looks a few bytes ahead, and takes any number of them past the end
     * for zeros, slowly: a picture that is cut off would be made up, and take minutes.
     */
    static ByteArrayImageInput withFatalEnd(byte[] bytes) {
        return new ByteArrayImageInput(Arrays.copyOf(bytes, bytes.length + LOOK_AHEAD_BYTES), true);
    }

    @Override
    public int read() throws IOException {
        bitOffset = 0;
        return streamPos < bytes.length ? Byte.toUnsignedInt(bytes[(int) streamPos++]) : end();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        bitOffset = 0;
        if (length == 0) {
            return 0;
        }
        if (streamPos >= bytes.length) {
            return end();
        }
        int read = (int) Math.min(length, bytes.length - streamPos);
        System.arraycopy(bytes, (int) streamPos, target, offset, read);
        streamPos += read;
        return read;
    }

    private int end() throws IOException {
        if (isEndFatal) {
            throw new IOException("it ends too early");
        }
        return -1;
    }

    @Override
    public long length() {
        return bytes.length;
    }
}
