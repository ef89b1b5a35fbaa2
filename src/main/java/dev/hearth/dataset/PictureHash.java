package dev.hearth.dataset;

import dev.hearth.dataset.image.Picture;
import dev.hearth.storage.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/** Tells equal pictures by their values, however their files are written. For one thread. */
final class PictureHash {

    private final MessageDigest digest = Sha256.newDigest();

    /** The first eight bytes of a SHA-256: no two of a million pictures share them by chance. */
    long of(Picture picture) {
        digest.update(
                ByteBuffer.allocate(12)
                        .putInt(picture.mode().channels())
                        .putInt(picture.height())
                        .putInt(picture.width())
                        .flip());
        digest.update(picture.values());
        return ByteBuffer.wrap(digest.digest()).getLong();
    }
}
