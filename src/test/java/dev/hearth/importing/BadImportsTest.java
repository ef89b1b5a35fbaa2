package dev.hearth.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.Client;
import dev.hearth.Client.Answer;
import dev.hearth.HearthTest;
import dev.hearth.torchscript.BadModelFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

/**
 * Every bad file of weights gets its answer through the whole service, and leaves nothing behind.
 * The table of answers is committed; {@code -Dhearth.model-files.write=true} writes it anew.
 */
@HearthTest
class BadImportsTest {

    private static final Path TABLE = Path.of("docs/model-file-errors.md");

    @Autowired Client client;

    @Value("${hearth.data-dir}")
    Path dataDir;

    @Test
    void everyBadFileIsRefusedAndLeavesNothing() throws IOException {
        var table = new ArrayList<String>();
        List<Path> before = files();
        for (BadModelFiles.Case bad : BadModelFiles.all().toList()) {
            Answer answer =
                    ImportForm.post(client, ImportForm.iris("bad-import"), bad.bytes().get());

            assertThat(answer.status())
                    .as(bad + " " + answer)
                    .isEqualTo(
                            switch (bad.code().category()) {
                                case TOO_LARGE -> 413;
                                case UNSUPPORTED_TYPE -> 415;
                                default -> 422;
                            });
            String detail = answer.json().get("detail").stringValue();
            assertThat(detail).as(bad.toString()).contains(bad.words());
            // The form itself goes when its request ends, which is just after the answer.
            await(bad.toString())
                    .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                    .untilAsserted(() -> assertThat(files()).isEqualTo(before));
            table.add(row(bad, answer.status(), detail));
        }
        assertThat(client.get("/v1/models/bad-import").status()).isEqualTo(404);
        compare(table);
    }

    private static String row(BadModelFiles.Case bad, int status, String detail) {
        return "| %s | %s | %d | %s |"
                .formatted(bad.group(), bad.name(), status, detail.replace("|", "\\|"));
    }

    private static void compare(List<String> rows) throws IOException {
        String table =
                """
                # What a bad file of weights gets

                `POST /v1/models` with each of these files, and the answer: made by `BadImportsTest`, which fails where this page and
                the service differ, and writes it anew with `-Dhearth.model-files.write=true`. What a good file is: [import.md](import.md).

                | kind | file | status | detail |
                | --- | --- | --- | --- |
                %s
                """
                        .formatted(String.join("\n", rows));
        if (Boolean.getBoolean("hearth.model-files.write")) {
            Files.writeString(TABLE, table);
        }
        assertThat(Files.readString(TABLE)).isEqualTo(table);
    }

    /** Unfinished files and blobs: what a refused import must not leave. */
    private List<Path> files() throws IOException {
        var found = new ArrayList<Path>();
        for (String folder : List.of("scratch", "blobs")) {
            try (var files = Files.walk(dataDir.resolve(folder))) {
                files.filter(Files::isRegularFile).sorted().forEach(found::add);
            }
        }
        return found;
    }
}
