package dev.hearth.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a script has to know of a CSV file beside its options. */
class FileFormsTest {

    private static FileContent content(String text, Charset encoding) {
        return () -> new ByteArrayInputStream(text.getBytes(encoding));
    }

    private static FileForm.Header header(String text, String... names) throws IOException {
        return FileForms.header(
                content(text, StandardCharsets.UTF_8), CsvDialect.of(','), List.of(names));
    }

    @Test
    void aByteOrderMarkAndQuotesLeaveTheHeaderPlain() throws IOException {
        assertThat(header("\uFEFF\"a \"\"x\"\"\",b\r\n1,2\r\n", "a \"x\"", "b"))
                .isEqualTo(FileForm.Header.PLAIN);
    }

    @Test
    void spacesAroundNamesAndEmptyLinesBeforeThemAreTold() throws IOException {
        assertThat(header(" a, b\n1,2\n", "a", "b")).isEqualTo(FileForm.Header.SPACED);
        assertThat(header("\na,b\n1,2\n", "a", "b")).isEqualTo(FileForm.Header.SPACED);
    }

    @Test
    void theMarkOfUtf16IsBelievedWhateverWasDeclared() throws IOException {
        assertThat(
                        FileForms.encoding(
                                content("a,b", StandardCharsets.UTF_16), StandardCharsets.UTF_8))
                .isEqualTo(StandardCharsets.UTF_16);
        assertThat(
                        FileForms.encoding(
                                content("a,b", StandardCharsets.UTF_16LE),
                                StandardCharsets.UTF_16LE))
                .isEqualTo(StandardCharsets.UTF_16LE);
        assertThat(
                        FileForms.encoding(
                                content("\uFEFFa", StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .isEqualTo(StandardCharsets.UTF_8);
    }
}
