package dev.hearth.dataset;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Optional;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.multipart.MultipartHttpServletRequest;

/** The parts of an upload's form: one {@code file}, and {@code options} where there are any. */
record UploadParts(MultipartHttpServletRequest request) {

    private static final String FILE = "file";
    private static final String OPTIONS = "options";

    UploadParts {
        var names = new LinkedHashSet<>(request.getMultiFileMap().keySet());
        names.addAll(request.getParameterMap().keySet());
        for (var name : names) {
            if (!name.equals(FILE) && !name.equals(OPTIONS)) {
                throw ProblemException.at(
                        ProblemCode.INVALID_REQUEST,
                        "/" + name,
                        "unknown part; a form has the parts file and options");
            }
        }
    }

    MultipartFile file() {
        var files = request.getFiles(FILE);
        if (files.size() != 1) {
            throw ProblemException.at(
                    ProblemCode.INVALID_REQUEST,
                    "/file",
                    "expected one file, got %d; send it as a file part, as curl does with"
                                    .formatted(files.size())
                            + " -F file=@data.csv");
        }
        return files.getFirst();
    }

    /** As JSON, whether it was sent as a field or as a file. */
    Optional<String> options() {
        var files = request.getFiles(OPTIONS);
        var fields = request.getParameterValues(OPTIONS);
        if (files.size() + (fields == null ? 0 : fields.length) > 1) {
            throw ProblemException.at(
                    ProblemCode.INVALID_REQUEST, "/options", "expected one such part, got more");
        }
        if (fields != null) {
            return Optional.of(fields[0]);
        }
        return files.stream().findFirst().map(UploadParts::text);
    }

    private static String text(MultipartFile file) {
        try {
            return new String(file.getBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
