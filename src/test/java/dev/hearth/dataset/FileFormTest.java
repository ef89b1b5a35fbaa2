package dev.hearth.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FileFormTest {

    private static FileForm form(String file, String... names) throws IOException {
        List<Column> columns =
                Stream.of(names)
                        .map(name -> new Column(name, ColumnType.NUMERIC, List.of(), 0))
                        .toList();
        return FileForm.of(
                () -> new ByteArrayInputStream(file.getBytes(StandardCharsets.UTF_8)), columns);
    }

    @Test
    void eachDelimiterIsFoundByTheNamesThatItMakes() throws IOException {
        for (char delimiter : DatasetOptions.DELIMITERS.toCharArray()) {
            assertThat(form("a_b%1$cc d\n1%1$c2\n".formatted(delimiter), "a_b", "c d"))
                    .isEqualTo(new FileForm(delimiter, true));
        }
    }

    @Test
    void aDelimiterWithinANameDoesNotMislead() throws IOException {
        assertThat(form("\"a,b\";c\n1;2\n", "a,b", "c")).isEqualTo(new FileForm(';', true));
        assertThat(form("a;b,c\n1,2\n", "a;b", "c")).isEqualTo(new FileForm(',', true));
    }

    @Test
    void aByteOrderMarkAndQuotesLeaveTheHeaderPlain() throws IOException {
        assertThat(form("\uFEFF\"a \"\"x\"\"\",b\r\n1,2\r\n", "a \"x\"", "b"))
                .isEqualTo(new FileForm(',', true));
    }

    @Test
    void spacesAroundNamesAndEmptyLinesBeforeThemAreTold() throws IOException {
        assertThat(form(" a, b\n1,2\n", "a", "b")).isEqualTo(new FileForm(',', false));
        assertThat(form("\na,b\n1,2\n", "a", "b")).isEqualTo(new FileForm(',', false));
    }
}
