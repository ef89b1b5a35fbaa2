package dev.hearth.dataset.zip;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/** Names of entries: how they are read, and which of them are no names. */
final class EntryName {

    private static final int MAX_CHARS = 1024;
    private static final Charset OLD = Charset.forName("IBM437");
    private static final Set<String> NO_FOLDERS = Set.of("", ".", "..");

    private EntryName() {}

    /**
     * What the bytes say. Without the flag for UTF-8 many programs write it all the same; the old
     * code page is what remains.
     */
    static Optional<String> read(byte[] bytes, boolean isUtf8) {
        try {
            return Optional.of(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            return isUtf8 ? Optional.empty() : Optional.of(new String(bytes, OLD));
        }
    }

    /** What is wrong with a name; empty where it is one. */
    static Optional<String> fault(String name) {
        if (name.length() > MAX_CHARS) {
            return Optional.of("has a name of more than 1,024 characters; shorten it");
        }
        if (name.chars().anyMatch(Character::isISOControl)) {
            return Optional.of("has a control character in its name; rename it");
        }
        if (name.indexOf('\\') >= 0) {
            return Optional.of(
                    "has a backslash in its name; folders are separated by /, so make the archive"
                            + " with a program that does so");
        }
        if (name.startsWith("/") || name.matches("[A-Za-z]:.*")) {
            return Optional.of(
                    "has an absolute path; names have to be relative, such as cat/1.png");
        }
        String path = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
        for (String folder : path.split("/", -1)) {
            if (NO_FOLDERS.contains(folder)) {
                return Optional.of(
                        "has the folder '%s' in its name; names have to lead nowhere but down, such as"
                                        .formatted(folder)
                                + " cat/1.png");
            }
        }
        return Optional.empty();
    }

    /** Fit to be shown: short, and on one line. */
    static String shown(String name) {
        String line = name.replaceAll("\\p{Cntrl}", "\uFFFD");
        return line.length() <= 200 ? line : line.substring(0, 199) + "…";
    }
}
