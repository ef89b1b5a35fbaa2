package dev.hearth;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks HTTP to the service under test, as any client would. */
public final class Client {

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;
    private final JsonMapper json;

    Client(int port, JsonMapper json) {
        this.port = port;
        this.json = json;
    }

    /** An answer, whatever its status. */
    public static final class Answer {

        private final int status;
        private final HttpHeaders headers;
        private final byte[] body;
        private final JsonMapper mapper;

        private Answer(int status, HttpHeaders headers, byte[] body, JsonMapper mapper) {
            this.status = status;
            this.headers = headers;
            this.body = body;
            this.mapper = mapper;
        }

        private static Answer of(HttpResponse<byte[]> response, JsonMapper mapper) {
            return new Answer(response.statusCode(), response.headers(), response.body(), mapper);
        }

        /** Of what stands on the wire, without chunks. */
        private static Answer of(String response, JsonMapper mapper) {
            var end = response.indexOf("\r\n\r\n");
            var lines = response.substring(0, end).split("\r\n");
            var headers = new LinkedHashMap<String, List<String>>();
            for (var line : List.of(lines).subList(1, lines.length)) {
                var nameAndValue = line.split(": ?", 2);
                headers.put(nameAndValue[0], List.of(nameAndValue[1]));
            }
            return new Answer(
                    Integer.parseInt(lines[0].split(" ")[1]),
                    HttpHeaders.of(headers, (_, _) -> true),
                    response.substring(end + 4).getBytes(StandardCharsets.UTF_8),
                    mapper);
        }

        public int status() {
            return status;
        }

        public byte[] body() {
            return body.clone();
        }

        public String text() {
            return new String(body(), StandardCharsets.UTF_8);
        }

        public JsonNode json() {
            return mapper.readTree(body());
        }

        /** The first header of this name, or an empty text. */
        public String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        /** All of them but the time, which differs from answer to answer. */
        public Map<String, List<String>> headers() {
            var all = new TreeMap<>(headers.map());
            all.remove("date");
            return all;
        }

        @Override
        public String toString() {
            return status() + " " + text();
        }
    }

    public Answer get(String path, String... headers) {
        return send("GET", path, BodyPublishers.noBody(), headers);
    }

    public Answer delete(String path, String... headers) {
        return send("DELETE", path, BodyPublishers.noBody(), headers);
    }

    /** Posts JSON. */
    public Answer post(String path, String body, String... headers) {
        return post(path, "application/json", body.getBytes(StandardCharsets.UTF_8), headers);
    }

    public Answer post(String path, String contentType, byte[] body, String... headers) {
        var all = new String[headers.length + 2];
        all[0] = "Content-Type";
        all[1] = contentType;
        System.arraycopy(headers, 0, all, 2, headers.length);
        return send("POST", path, BodyPublishers.ofByteArray(body), all);
    }

    /**
     * Posts a form of parts.
     *
     * @param parts by name; a name such as {@code file;text/csv} gives the part's type, and a part
     *     named {@code file} is sent as a file
     */
    public Answer postForm(String path, Map<String, String> parts, String... headers) {
        var boundary = "----hearth-test-boundary";
        var form = new StringBuilder();
        parts.forEach((nameAndType, content) -> {
            var name = nameAndType.split(";", 2);
            form.append("--").append(boundary).append("\r\n");
            form.append("Content-Disposition: form-data; name=\"").append(name[0]);
            form.append(name[0].equals("file") ? "\"; filename=\"upload\"" : "\"");
            if (name.length > 1) {
                form.append("\r\nContent-Type: ").append(name[1]);
            }
            form.append("\r\n\r\n").append(content).append("\r\n");
        });
        form.append("--").append(boundary).append("--\r\n");
        return post(
                path,
                "multipart/form-data; boundary=" + boundary,
                form.toString().getBytes(StandardCharsets.UTF_8),
                headers);
    }

    /**
     * Posts a form of files.
     *
     * @param files by name, in their order
     */
    public Answer postFiles(String path, Map<String, byte[]> files, String... headers) {
        var form = new ByteArrayOutputStream();
        files.forEach((name, bytes) -> {
            form.writeBytes(
                    "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n\r\n"
                            .formatted(name)
                            .getBytes(StandardCharsets.UTF_8));
            form.writeBytes(bytes);
            form.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
        });
        form.writeBytes("--b--\r\n".getBytes(StandardCharsets.UTF_8));
        return post(path, "multipart/form-data; boundary=b", form.toByteArray(), headers);
    }

    /** Sends anything; {@code headers} are names and values in turn. */
    public Answer send(String method, String path, BodyPublisher body, String... headers) {
        var request =
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                        .timeout(Duration.ofSeconds(60))
                        .method(method, body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return Answer.of(http.send(request.build(), BodyHandlers.ofByteArray()), json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * Sends bytes that no well-behaved client would, on a connection of its own, and reads to its
     * end.
     *
     * @param request the whole request; send {@code Connection: close} to have an end
     */
    public String sendRaw(String request) {
        try (var socket = new Socket("localhost", port)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            // Else the server would wait for the rest of a body whose beginning it has refused.
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@link #sendRaw}, with the answer taken apart. */
    public Answer sendRawForAnswer(String request) {
        return Answer.of(sendRaw(request), json);
    }
}
