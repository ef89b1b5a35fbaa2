package dev.hearth.dataset;

import java.util.Arrays;
import java.util.List;

/** The order of strings by code point, which is that of Python and of UTF-8 bytes. */
final class CodePoints {

    private CodePoints() {}

    static List<String> sorted(String[] texts) {
        return Arrays.stream(texts).sorted(CodePoints::compare).toList();
    }

    static int compare(String left, String right) {
        var length = Math.min(left.length(), right.length());
        for (var i = 0; i < length; i++) {
            if (left.charAt(i) != right.charAt(i)) {
                var a = left.charAt(i);
                var b = right.charAt(i);
                // A surrogate stands for a code point beyond all other chars.
                if (Character.isSurrogate(a) != Character.isSurrogate(b)) {
                    return Character.isSurrogate(a) ? 1 : -1;
                }
                return Character.compare(a, b);
            }
        }
        return Integer.compare(left.length(), right.length());
    }
}
