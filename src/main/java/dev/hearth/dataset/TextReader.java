package dev.hearth.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Decodes text strictly, skips a byte order mark, and knows the line and byte of what it refuses:
 * bytes that are not of the encoding, and NUL. The mark of UTF-16 is believed whatever the
 * encoding.
 */
final class TextReader extends Reader {

    /** Text that is not acceptable, at a line (from 1). */
    static final class BadTextException extends IOException {
        private static final long serialVersionUID = 1L;
        private final long line;

        BadTextException(long line, String message) {
            super(message);
            this.line = line;
        }

        long line() {
            return line;
        }

        String explanation() {
            return String.valueOf(getMessage());
        }
    }

    private final InputStream in;
    private Charset encoding;
    private CharsetDecoder decoder;
    private final ByteBuffer bytes = ByteBuffer.allocate(1 << 16).flip();
    private long bytesBefore; // of those in the buffer
    private long line = 1;
    private boolean afterReturn;
    private boolean atEnd;
    private boolean started;

    TextReader(InputStream in, Charset encoding) {
        this.in = in;
        this.encoding = encoding;
        this.decoder = decoder(encoding);
    }

    private static CharsetDecoder decoder(Charset encoding) {
        return encoding.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        if (length < 2) {
            throw new IllegalArgumentException("one character may need two places");
        }
        if (!started) {
            started = true;
            skipMark();
        }
        var chars = CharBuffer.wrap(target, offset, length);
        while (true) {
            var result = decoder.decode(bytes, chars, atEnd);
            var decoded = chars.position() - offset;
            if (decoded > 0) {
                // A malformed byte behind these characters shows again at the next call.
                check(target, offset, decoded);
                return decoded;
            }
            if (result.isError()) {
                throw new BadTextException(
                        line,
                        "byte "
                                + (bytesBefore + bytes.position() + 1)
                                + " of the file is not "
                                + encoding.name()
                                + "; save the file as UTF-8"
                                + (encoding.equals(StandardCharsets.UTF_8)
                                        ? ", or declare its encoding in the options"
                                        : ""));
            }
            if (atEnd) {
                return -1;
            }
            fill();
        }
    }

    private void check(char[] target, int offset, int length) throws BadTextException {
        for (var i = offset; i < offset + length; i++) {
            var c = target[i];
            if (c > '\r') {
                afterReturn = false;
            } else if (c == '\r') {
                line++;
                afterReturn = true;
            } else if (c == '\n') {
                line += afterReturn ? 0 : 1;
                afterReturn = false;
            } else if (c == 0) {
                throw new BadTextException(
                        line, "has a NUL character; a CSV file is text without such characters");
            } else {
                afterReturn = false;
            }
        }
    }

    private void skipMark() throws IOException {
        while (bytes.remaining() < 3 && !atEnd) {
            fill();
        }
        if (startsWith(0xEF, 0xBB, 0xBF) && encoding.equals(StandardCharsets.UTF_8)) {
            bytes.position(3);
        } else if (startsWith(0xFF, 0xFE)) {
            markedAs(StandardCharsets.UTF_16LE);
        } else if (startsWith(0xFE, 0xFF)) {
            markedAs(StandardCharsets.UTF_16BE);
        }
    }

    private void markedAs(Charset utf16) {
        bytes.position(2);
        encoding = utf16;
        decoder = decoder(utf16);
    }

    private boolean startsWith(int... mark) {
        if (bytes.remaining() < mark.length) {
            return false;
        }
        for (var i = 0; i < mark.length; i++) {
            if ((bytes.get(i) & 0xFF) != mark[i]) {
                return false;
            }
        }
        return true;
    }

    private void fill() throws IOException {
        bytesBefore += bytes.position();
        bytes.compact();
        var read = in.read(bytes.array(), bytes.position(), bytes.remaining());
        if (read < 0) {
            atEnd = true;
        } else {
            bytes.position(bytes.position() + read);
        }
        bytes.flip();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
