package dev.hearth.http;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.multipart.MultipartHttpServletRequest;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * The parts of an upload's form: files called {@code file}, and at most one part of JSON.
 *
 * @param jsonPart what the part of JSON is called
 */
public record FormParts(MultipartHttpServletRequest request, String jsonPart) {

    private static final String FILE = "file";
    private static final int MOST_JSON_BYTES = 16 << 20;

    public FormParts {
        var names = new LinkedHashSet<>(request.getMultiFileMap().keySet());
        names.addAll(request.getParameterMap().keySet());
        // Servlets do not tell a form's fields from the parameters of its address.
        names.removeAll(
                UriComponentsBuilder.newInstance()
                        .query(request.getQueryString())
                        .build()
                        .getQueryParams()
                        .keySet());
        for (var name : names) {
            if (!name.equals(FILE) && !name.equals(jsonPart)) {
                throw ProblemException.at(
                        ProblemCode.INVALID_REQUEST,
                        "/" + name,
                        "unknown part; a form has the parts file and " + jsonPart);
            }
        }
    }

    /**
     * @param example of a name, for the error
     */
    public MultipartFile file(String example) {
        var files = request.getFiles(FILE);
        if (files.size() != 1) {
            throw ProblemException.at(
                    ProblemCode.INVALID_REQUEST,
                    "/file",
                    "expected one file, got %d; send it as a file part, as curl does with -F file=@%s"
                            .formatted(files.size(), example));
        }
        return files.getFirst();
    }

    /**
     * The files, in the order in which they were sent; at least one.
     *
     * @param example of a name, for the error
     */
    public List<MultipartFile> files(String example) {
        var files = request.getFiles(FILE);
        return files.isEmpty() ? List.of(file(example)) : files;
    }

    /** The JSON, whether it was sent as a field or as a file. */
    public Optional<byte[]> json() {
        var files = request.getFiles(jsonPart);
        var fields = request.getParameterValues(jsonPart);
        if (files.size() + (fields == null ? 0 : fields.length) > 1) {
            throw ProblemException.at(
                    ProblemCode.INVALID_REQUEST,
                    "/" + jsonPart,
                    "expected one such part, got more");
        }
        if (fields != null) {
            return Optional.of(fields[0].getBytes(StandardCharsets.UTF_8));
        }
        return files.stream().findFirst().map(this::bytes);
    }

    private byte[] bytes(MultipartFile file) {
        if (file.getSize() > MOST_JSON_BYTES) {
            throw new ProblemException(
                    ProblemCode.BODY_TOO_LARGE,
                    "the part %s has %d bytes; the most that is accepted is %d"
                            .formatted(jsonPart, file.getSize(), MOST_JSON_BYTES));
        }
        try {
            return file.getBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
