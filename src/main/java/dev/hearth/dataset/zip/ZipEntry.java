package dev.hearth.dataset.zip;

/**
 * A file in an archive, as the archive's directory describes it.
 *
 * @param name checked by {@link EntryName}
 * @param method 0 for stored, 8 for deflated
 * @param sizeBytes as declared; what is read is counted
 * @param header where its own header begins
 */
public record ZipEntry(
        String name,
        int flags,
        int method,
        int crc,
        long compressedBytes,
        long sizeBytes,
        long header) {

    static final int ENCRYPTED = 0x1 | 0x40 | 0x2000;
    static final int SIZES_FOLLOW = 0x8;
    static final int UTF8 = 0x800;
    static final int STORED = 0;
    static final int DEFLATED = 8;
}
