package dev.hearth.dataset;

/** Compares characters with a word without making a {@code String} of them. */
final class AsciiWord {

    private AsciiWord() {}

    /**
     * Whether the characters are the word, in any case.
     *
     * @param word of small letters from a to z
     */
    static boolean is(String word, char[] text, int from, int length) {
        if (length != word.length()) {
            return false;
        }
        for (var i = 0; i < length; i++) {
            var c = text[from + i];
            if ((c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
