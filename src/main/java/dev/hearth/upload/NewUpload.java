package dev.hearth.upload;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.Violation;
import dev.hearth.storage.Sha256;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file that is to arrive in parts, as a client announces it.
 *
 * @param name of the file
 * @param sizeBytes of the whole file
 * @param sha256 of the whole file, in hexadecimal digits: it is compared once all parts are there
 * @param partBytes of each part, if the service shall not choose
 */
record NewUpload(
        @Nullable String name,
        @Nullable Long sizeBytes,
        @Nullable String sha256,
        @Nullable Long partBytes) {

    private static final int MOST_NAME_CHARS = 200;

    /** What was found to be possible. */
    record Checked(String name, long sizeBytes, long partBytes, Optional<Sha256> sha256) {}

    Checked checked(UploadSettings settings, FileLimits limits) {
        var wrong = new ArrayList<Violation>();
        var plain = name == null ? "" : name.substring(lastSlash(name) + 1).strip();
        if (plain.isEmpty()
                || plain.length() > MOST_NAME_CHARS
                || plain.chars().anyMatch(Character::isISOControl)) {
            wrong.add(
                    new Violation(
                            "/name",
                            "expected the file's name, 1 to %d characters on one line"
                                    .formatted(MOST_NAME_CHARS)));
        }
        if (sha256 != null && !sha256.toLowerCase(Locale.ROOT).matches("[0-9a-f]{64}")) {
            wrong.add(
                    new Violation(
                            "/sha256", "expected 64 hexadecimal digits, as sha256sum prints them"));
        }
        long size = sizeBytes == null ? 0 : sizeBytes;
        if (size < 1) {
            wrong.add(
                    new Violation("/size_bytes", "expected the file's size in bytes, at least 1"));
        } else if (size > settings.maxSize().toBytes()) {
            throw ProblemException.at(
                    ProblemCode.BODY_TOO_LARGE,
                    "/size_bytes",
                    "%d bytes are more than %d, the most that is accepted (hearth.upload.max-size)"
                            .formatted(size, settings.maxSize().toBytes()));
        }
        limits.require("the file", size);
        long fewest = Math.max(1, Math.ceilDiv(size, UploadSettings.MOST_PARTS));
        long most = UploadSettings.LARGEST_PART.toBytes();
        if (partBytes != null && (partBytes < fewest || partBytes > most)) {
            wrong.add(
                    new Violation(
                            "/part_bytes",
                            "expected %d to %d for a file of this size, or nothing; got %d"
                                    .formatted(fewest, most, partBytes)));
        }
        if (!wrong.isEmpty()) {
            throw new ProblemException(
                    ProblemCode.INVALID_REQUEST,
                    wrong.getFirst().pointer() + ": " + wrong.getFirst().message(),
                    wrong);
        }
        return new Checked(
                plain,
                size,
                partBytes == null ? Math.max(fewest, settings.partSize().toBytes()) : partBytes,
                Optional.ofNullable(sha256).map(hex -> new Sha256(hex.toLowerCase(Locale.ROOT))));
    }

    private static int lastSlash(String name) {
        return Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\'));
    }
}
