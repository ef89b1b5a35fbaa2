package dev.hearth.dataset;

import java.math.BigInteger;

/**
 * Reads a cell as a number without making a {@code String} of it where that can be avoided. Reused
 * for many cells; holds the last one's value.
 *
 * <p>A number is decimal digits with an optional sign, point and exponent, and spaces around it.
 * Hexadecimal digits, thousands separators and Java's suffixes make a word of it.
 */
final class NumberCell {

    /** What a cell is. */
    enum Kind {
        /** Empty, or only spaces. */
        BLANK,
        /** A whole number in the range of a {@code long}. */
        WHOLE,
        /** Any other finite number. */
        DECIMAL,
        /** {@code NaN}, {@code inf}, or too large for a {@code double}. */
        NOT_FINITE,
        WORD
    }

    private static final int MAX_EXPONENT = 100_000;

    /** Every power of ten that a double holds exactly. */
    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22
    };

    private long whole;
    private double value;

    /** The value of a {@link Kind#WHOLE} cell. */
    long whole() {
        return whole;
    }

    /** The value of a {@link Kind#WHOLE} or {@link Kind#DECIMAL} cell. */
    double value() {
        return value;
    }

    /** Whether a text is a finite number, without spaces around it. */
    static boolean isFinite(String text) {
        var kind = new NumberCell().read(text.toCharArray(), 0, text.length());
        return (kind == Kind.WHOLE || kind == Kind.DECIMAL) && text.equals(text.strip());
    }

    Kind read(char[] text, int offset, int length) {
        var from = offset;
        var to = offset + length;
        while (from < to && isSpace(text[from])) {
            from++;
        }
        while (to > from && isSpace(text[to - 1])) {
            to--;
        }
        return from == to ? Kind.BLANK : readTrimmed(text, from, to);
    }

    private Kind readTrimmed(char[] text, int from, int to) {
        var at = from;
        var negative = text[at] == '-';
        if (negative || text[at] == '+') {
            at++;
        }
        long mantissa = 0;
        var significant = 0;
        var digits = 0;
        var fraction = 0;
        var point = false;
        for (; at < to; at++) {
            var c = text[at];
            if (c >= '0' && c <= '9') {
                digits++;
                if (point) {
                    fraction++;
                }
                if (significant > 0 || c != '0') {
                    significant++;
                    if (significant <= 18) {
                        mantissa = mantissa * 10 + (c - '0');
                    }
                }
            } else if (c == '.' && !point) {
                point = true;
            } else {
                break;
            }
        }
        if (digits == 0) {
            return isNotFinite(text, from, to) ? Kind.NOT_FINITE : Kind.WORD;
        }
        if (at == to && !point) {
            return integer(text, from, to, significant <= 18, negative ? -mantissa : mantissa);
        }
        var exponent = 0;
        if (at < to) {
            if (text[at] != 'e' && text[at] != 'E') {
                return Kind.WORD;
            }
            at++;
            var down = at < to && text[at] == '-';
            if (down || (at < to && text[at] == '+')) {
                at++;
            }
            if (at == to) {
                return Kind.WORD;
            }
            for (; at < to; at++) {
                if (text[at] < '0' || text[at] > '9') {
                    return Kind.WORD;
                }
                exponent = Math.min(MAX_EXPONENT, exponent * 10 + (text[at] - '0'));
            }
            exponent = down ? -exponent : exponent;
        }
        // Both the mantissa and the power are exact doubles, so one operation rounds correctly.
        var scale = exponent - fraction;
        if (significant <= 15 && scale >= -22 && scale <= 22) {
            var magnitude = scale < 0 ? mantissa / POWERS[-scale] : mantissa * POWERS[scale];
            value = negative ? -magnitude : magnitude;
            return Kind.DECIMAL;
        }
        return decimal(text, from, to);
    }

    private Kind integer(char[] text, int from, int to, boolean fits, long read) {
        if (fits) {
            whole = read;
            value = read;
            return Kind.WHOLE;
        }
        if (to - from <= 64) {
            var big = new BigInteger(new String(text, from, to - from));
            if (big.bitLength() < Long.SIZE) {
                whole = big.longValueExact();
                value = whole;
                return Kind.WHOLE;
            }
        }
        return decimal(text, from, to);
    }

    private Kind decimal(char[] text, int from, int to) {
        value = Double.parseDouble(new String(text, from, to - from));
        return Double.isFinite(value) ? Kind.DECIMAL : Kind.NOT_FINITE;
    }

    private static boolean isNotFinite(char[] text, int from, int to) {
        var at = text[from] == '-' || text[from] == '+' ? from + 1 : from;
        return AsciiWord.is("nan", text, at, to - at)
                || AsciiWord.is("inf", text, at, to - at)
                || AsciiWord.is("infinity", text, at, to - at);
    }

    static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }
}
