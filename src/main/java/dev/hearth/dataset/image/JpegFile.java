package dev.hearth.dataset.image;

import java.io.ByteArrayOutputStream;

/**
 * A JPEG file without what is no picture: profiles, previews, comments, and the orientation, which
 * Pillow leaves alone, too. What the JDK's reader makes of profiles are other values than the
 * file's own.
 *
 * <p>Source: ITU-T T.81, annex B.
 *
 * @param bytes the file without it
 * @param components 1 for grey, 3 for colours, 4 for printing inks
 * @param transform by Adobe's marker, 2 where inks are written as YCCK; −1 without the marker
 */
@SuppressWarnings("ArrayRecordComponent") // handed from one method to the next
record JpegFile(byte[] bytes, int width, int height, int components, int transform) {

    private static final int START_OF_SCAN = 0xDA;
    private static final int COMMENT = 0xFE;
    private static final int APP0 = 0xE0;
    private static final int APP14 = 0xEE;
    private static final int APP15 = 0xEF;
    private static final int FILL = 0xFF;
    private static final int ADOBE_BYTES = 14;
    private static final int YCCK = 2;

    static JpegFile of(byte[] file) throws UndecodableException {
        var kept = new ByteArrayOutputStream(file.length);
        kept.write(file, 0, 2);
        int at = 2;
        int frame = -1;
        int transform = -1;
        while (true) {
            while (at < file.length - 1
                    && Bytes.byteAt(file, at) == FILL
                    && Bytes.byteAt(file, at + 1) == FILL) {
                at++;
            }
            if (at > file.length - 4 || Bytes.byteAt(file, at) != FILL) {
                throw new UndecodableException(
                        "is a JPEG that ends or breaks off in its header: it is damaged; send it anew");
            }
            int marker = Bytes.byteAt(file, at + 1);
            int length = Bytes.shortAt(file, at + 2);
            if (length < 2 || length > file.length - at - 2) {
                throw new UndecodableException(
                        "is a JPEG that ends within its header: it is truncated; send it anew");
            }
            if (marker == START_OF_SCAN) {
                break;
            }
            if (isFrame(marker)) {
                frame = at;
            }
            if (isKept(file, at, marker, length)) {
                if (marker == APP14) {
                    transform = Bytes.byteAt(file, at + 15);
                }
                if (marker == APP0) {
                    keepWithoutPreview(kept, file, at);
                } else {
                    kept.write(file, at, length + 2);
                }
            }
            at += length + 2;
        }
        if (frame < 0 || Bytes.shortAt(file, frame + 2) < 8) {
            throw new UndecodableException("is a JPEG without a frame: it is damaged");
        }
        kept.write(file, at, file.length - at);
        return new JpegFile(
                kept.toByteArray(),
                Bytes.shortAt(file, frame + 7),
                Bytes.shortAt(file, frame + 5),
                Bytes.byteAt(file, frame + 9),
                transform);
    }

    boolean hasInks() {
        return components == 4;
    }

    boolean isYcck() {
        return transform == YCCK;
    }

    private static boolean isFrame(int marker) {
        return marker >= 0xC0
                && marker <= 0xCF
                && marker != 0xC4
                && marker != 0xC8
                && marker != 0xCC;
    }

    private static boolean isKept(byte[] file, int at, int marker, int length) {
        return switch (marker) {
            case APP0 -> length >= 16 && startsWith(file, at + 4, "JFIF\0");
            case APP14 -> length >= ADOBE_BYTES && startsWith(file, at + 4, "Adobe");
            case COMMENT -> false;
            default -> marker < APP0 || marker > APP15;
        };
    }

    private static void keepWithoutPreview(ByteArrayOutputStream kept, byte[] file, int at) {
        kept.write(0xFF);
        kept.write(APP0);
        kept.write(0);
        kept.write(16);
        kept.write(file, at + 4, 12);
        kept.write(0);
        kept.write(0);
    }

    private static boolean startsWith(byte[] file, int at, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (at + i >= file.length || file[at + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
