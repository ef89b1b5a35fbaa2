package dev.hearth.importing;

import dev.hearth.Client;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Posts imports, and the specification of the iris model that {@code files.py} makes. */
final class ImportForm {

    private static final String BOUNDARY = "----hearth-import-boundary";

    private ImportForm() {}

    static Client.Answer post(Client client, String specification, byte[] file, String... headers) {
        var form = new ByteArrayOutputStream();
        form.writeBytes(
                ascii(
                        "--%s\r\nContent-Disposition: form-data; name=\"specification\"\r\n\r\n"
                                .formatted(BOUNDARY)));
        form.writeBytes(specification.getBytes(StandardCharsets.UTF_8));
        form.writeBytes(
                ascii(
                        "\r\n--%s\r\nContent-Disposition: form-data; name=\"file\";"
                                        .formatted(BOUNDARY)
                                + " filename=\"weights.pt\"\r\n\r\n"));
        form.writeBytes(file);
        form.writeBytes(ascii("\r\n--%s--\r\n".formatted(BOUNDARY)));
        return client.post(
                "/v1/models",
                "multipart/form-data; boundary=" + BOUNDARY,
                form.toByteArray(),
                headers);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static String iris(String name, String... fields) {
        return """
        {"name": "%s",
         "model": {"layers": [
           {"type": "Linear", "out_features": 16}, {"type": "ReLU"},
           {"type": "Linear", "out_features": 3}]},
         "loss": "CrossEntropyLoss",
         "features": [
           {"type": "numeric", "column": "sepal_length"},
           {"type": "numeric", "column": "sepal_width"},
           {"type": "numeric", "column": "petal_length"},
           {"type": "numeric", "column": "petal_width"}],
         "target": {"column": "species", "classes": ["setosa", "versicolor", "virginica"]}
         %s}
        """
                .formatted(name, String.join("", fields));
    }
}
