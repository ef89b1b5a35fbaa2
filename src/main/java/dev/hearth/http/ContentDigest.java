package dev.hearth.http;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What bytes have to hash to, as the header {@code Content-Digest} of RFC 9530 says it. SHA-256 and
 * SHA-512 are checked; other algorithms are passed over, as the RFC asks.
 */
public record ContentDigest(List<Expected> expected) {

    /** Asks nothing. */
    public static final ContentDigest NONE = new ContentDigest(List.of());

    private static final Map<String, String> JAVA_NAMES =
            Map.of("sha-256", "SHA-256", "sha-512", "SHA-512");

    /** One member of the header's dictionary: its key, and a byte sequence of RFC 8941. */
    private static final Pattern MEMBER =
            Pattern.compile("\\s*([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/=]*):\\s*");

    public ContentDigest {
        expected = List.copyOf(expected);
    }

    /**
     * @param algorithm {@code sha-256} or {@code sha-512}
     * @param value in base 64
     */
    public record Expected(String algorithm, String value) {}

    /**
     * @param header as it was sent; null where it was not
     * @throws ProblemException INVALID_PARAMETER where it is of another form
     */
    public static ContentDigest of(@Nullable String header) {
        if (header == null) {
            return NONE;
        }
        var expected = new ArrayList<Expected>();
        for (var part : header.split(",", -1)) {
            var member = MEMBER.matcher(part);
            if (!member.matches()) {
                throw malformed(header);
            }
            var javaName = JAVA_NAMES.get(member.group(1));
            if (javaName != null) {
                expected.add(new Expected(member.group(1), canonical(member.group(2), header)));
            }
        }
        return new ContentDigest(expected);
    }

    /** Of a SHA-256 in hexadecimal digits. */
    public static ContentDigest sha256(String hex) {
        return new ContentDigest(List.of(new Expected("sha-256", base64(hex))));
    }

    /** The value of a header such as {@code Repr-Digest}, of a SHA-256 in hexadecimal digits. */
    public static String header(String sha256Hex) {
        return "sha-256=:" + base64(sha256Hex) + ":";
    }

    private static String base64(String hex) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    }

    private static String canonical(String base64, String header) {
        try {
            return Base64.getEncoder().encodeToString(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            throw malformed(header);
        }
    }

    private static ProblemException malformed(String header) {
        var shown = header.length() > 200 ? header.substring(0, 200) + "…" : header;
        return new ProblemException(
                ProblemCode.INVALID_PARAMETER,
                String.format(
                        Locale.ROOT,
                        "The header Content-Digest is '%s'; expected the form of RFC 9530, such as"
                                + " sha-256=:<the digest in base 64>:, where sha-512 will do too.",
                        shown));
    }

    public boolean isEmpty() {
        return expected.isEmpty();
    }

    /**
     * Lets bytes through and compares at their end.
     *
     * @return a stream that ends in DIGEST_MISMATCH where the bytes are others
     */
    public InputStream checking(InputStream bytes) {
        return isEmpty() ? bytes : new CheckedStream(bytes, expected);
    }

    /**
     * Reads bytes to their end.
     *
     * @throws ProblemException DIGEST_MISMATCH where they are others
     */
    public void check(InputStream bytes) throws IOException {
        checking(bytes).transferTo(OutputStream.nullOutputStream());
    }

    private static MessageDigest digest(Expected one) {
        try {
            return MessageDigest.getInstance(String.valueOf(JAVA_NAMES.get(one.algorithm())));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has it", e);
        }
    }

    private static final class CheckedStream extends FilterInputStream {

        private final List<Expected> expected;
        private final List<MessageDigest> digests;
        private boolean isChecked;

        CheckedStream(InputStream in, List<Expected> expected) {
            super(in);
            this.expected = expected;
            this.digests = expected.stream().map(ContentDigest::digest).toList();
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            var count = in.read(buffer, offset, length);
            if (count < 0) {
                compare();
            }
            for (var digest : digests) {
                digest.update(buffer, offset, Math.max(0, count));
            }
            return count;
        }

        @Override
        public long skip(long count) throws IOException {
            return readNBytes((int) Math.min(count, 1 << 16)).length;
        }

        @Override
        public boolean markSupported() {
            return false;
        }

        private void compare() {
            if (isChecked) {
                return;
            }
            isChecked = true;
            for (var i = 0; i < digests.size(); i++) {
                var found = Base64.getEncoder().encodeToString(digests.get(i).digest());
                var one = expected.get(i);
                if (!found.equals(one.value())) {
                    throw new ProblemException(
                            ProblemCode.DIGEST_MISMATCH,
                            ("%1$s=:%2$s: was announced, and the bytes that came have"
                                            + " %1$s=:%3$s:; send them again")
                                    .formatted(one.algorithm(), one.value(), found));
                }
            }
        }
    }
}
