package dev.hearth.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LiteralTest {

    /** What Python makes of a literal between double quotes. */
    private static String read(String literal) {
        assertThat(literal).startsWith("\"").endsWith("\"").hasSizeGreaterThan(1);
        var text = new StringBuilder();
        int end = literal.length() - 1;
        for (int i = 1; i < end; ) {
            char c = literal.charAt(i++);
            assertThat(c).isNotIn('"', '\n', '\r', '\f', '\0', '\u2028', '\u0085');
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escape = literal.charAt(i++);
            int digits = "..x....uU".indexOf(escape) < 0 ? 0 : escape == 'x' ? 2 : 4;
            digits = escape == 'U' ? 8 : digits;
            switch (escape) {
                case '"', '\\' -> text.append(escape);
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case 'x', 'u', 'U' -> {
                    text.appendCodePoint(Integer.parseInt(literal, i, i + digits, 16));
                    i += digits;
                }
                default -> throw new AssertionError("unknown escape " + escape);
            }
            assertThat(i).as("nothing escapes the closing quote").isLessThanOrEqualTo(end);
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sepal_length",
                "\"",
                "\\",
                "\\\"",
                "\"\"\"",
                "'''",
                "a\"\nimport os\nos.system(\"rm -rf /\")\n\"",
                "line\r\nfeed",
                "tab\tand NUL \u0000 and bell \u0007",
                "größe μ 大小 😀 é",
                "\u202Egnp.exe",
                "\u2028\u2029\u0085\u00A0\u200B\uFEFF",
                "# -*- coding: utf-7 -*-",
                "{0} {name!r} %s %(x)d",
                "ends with \\",
                "\uD800 alone"
            })
    void aStringComesBackAsItWas(String text) {
        assertThat(read(Literal.of(text))).isEqualTo(text);
    }

    @Test
    void everyCharacterThereIsComesBackAsItWas() {
        assertThat(IntStream.rangeClosed(0, Character.MAX_CODE_POINT))
                .filteredOn(c -> {
                    String text = Character.toString(c);
                    return !read(Literal.of(text)).equals(text);
                })
                .isEmpty();
    }

    @Test
    void lettersStayReadable() {
        assertThat(Literal.of("größe 大小")).isEqualTo("\"größe 大小\"");
    }

    @ParameterizedTest
    @CsvSource({
        "0.001, 0.001",
        "1e-8, 1e-8",
        "0.0001, 1e-4",
        "0.1, 0.1",
        "2, 2.0",
        "1.5e20, 1.5e20",
        "-0.3333333333333333, -0.3333333333333333",
        "1e22, 1e22"
    })
    void aNumberIsWrittenWithTheDigitsThatGiveItBack(double value, String literal) {
        assertThat(Literal.of(value)).isEqualTo(literal);
        assertThat(Double.parseDouble(literal)).isEqualTo(value);
    }
}
