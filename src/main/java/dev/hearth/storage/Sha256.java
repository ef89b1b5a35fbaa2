package dev.hearth.storage;

import java.util.regex.Pattern;

/** The SHA-256 digest that names a blob, as 64 lower-case hexadecimal digits. */
public record Sha256(String hex) {

    private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

    public Sha256 {
        if (!FORM.matcher(hex).matches()) {
            throw new IllegalArgumentException(
                    "expected 64 lower-case hexadecimal digits, got '" + hex + "'");
        }
    }

    @Override
    public String toString() {
        return hex;
    }
}
