package dev.hearth.dataset;

/** Reads a cell as {@code true} or {@code false}, in any case, with spaces around it. */
final class BooleanCell {

    static final int FALSE = 0;
    static final int TRUE = 1;
    static final int NEITHER = -1;

    private BooleanCell() {}

    static int read(char[] text, int offset, int length) {
        var from = offset;
        var to = offset + length;
        while (from < to && NumberCell.isSpace(text[from])) {
            from++;
        }
        while (to > from && NumberCell.isSpace(text[to - 1])) {
            to--;
        }
        if (AsciiWord.is("true", text, from, to - from)) {
            return TRUE;
        }
        return AsciiWord.is("false", text, from, to - from) ? FALSE : NEITHER;
    }
}
