package dev.hearth.serving;

import dev.hearth.http.FormParts;
import dev.hearth.http.JsonBody;
import dev.hearth.model.ModelVersion;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.spec.BlockInput;
import dev.hearth.spec.Encoding;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.multipart.MultipartHttpServletRequest;

/** Reads what a request asks a model about: rows in JSON or CSV, an image, or several of them. */
@Component
class RequestRows {

    static final String JSON = MediaType.APPLICATION_JSON_VALUE;
    static final String CSV = "text/csv";
    static final String IMAGES = "image/*";
    static final String FORM = MediaType.MULTIPART_FORM_DATA_VALUE;

    private final ServingSettings.Request limits;
    private final JsonBody json;

    RequestRows(ServingSettings settings, JsonBody json) {
        this.limits = settings.request();
        this.json = json;
    }

    /**
     * Reads a body of the type that the request's header names.
     *
     * @throws ProblemException UNSUPPORTED_MEDIA_TYPE where the model's input is none of such a
     *     type; INVALID_INPUT with all that does not fit the model; BATCH_TOO_LARGE
     */
    Rows read(ModelVersion version, HttpServletRequest request, byte[] body) {
        return switch (version.input()) {
            case Encoding encoding ->
                    table(new RowReader(encoding, version.target()), request, body);
            case BlockInput block -> cells(version, block, request, body);
        };
    }

    /**
     * Reads a body that may have a row to compare with, where it is JSON: {@code {"rows": […],
     * "baseline": …}}.
     *
     * @throws ProblemException as {@link #read(ModelVersion, HttpServletRequest, byte[])} does
     */
    ComparedRows compared(ModelVersion version, HttpServletRequest request, byte[] body) {
        if (!is(JSON, request)) {
            return new ComparedRows(read(version, request, body), Optional.empty());
        }
        return switch (version.input()) {
            case Encoding encoding ->
                    JsonRows.compared(
                            json.parse(body),
                            new RowReader(encoding, version.target()),
                            limits.maxRows());
            case BlockInput block ->
                    new JsonCells(block).compared(json.parse(body), limits.maxRows());
        };
    }

    /**
     * Reads the images of a form.
     *
     * @throws ProblemException as {@link #read(ModelVersion, HttpServletRequest, byte[])} does
     */
    Rows read(ModelVersion version, MultipartHttpServletRequest form) {
        List<MultipartFile> parts = new FormParts(form, "options").files("image.png");
        Limits.requireBatch(parts.size(), limits.maxRows(), "/file");
        var files = new ArrayList<ImageCells.ImageFile>();
        for (int i = 0; i < parts.size(); i++) {
            try {
                files.add(new ImageCells.ImageFile("/file/" + i, parts.get(i).getBytes()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return images(version).read(files);
    }

    private static boolean is(String mediaType, HttpServletRequest request) {
        return MediaType.parseMediaType(mediaType)
                .includes(MediaType.parseMediaType(request.getContentType()));
    }

    private Rows table(RowReader reader, HttpServletRequest request, byte[] body) {
        if (is(IMAGES, request)) {
            throw new ProblemException(
                    ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                    "the model's input is columns; send rows as JSON or CSV");
        }
        return is(JSON, request)
                ? JsonRows.read(json.parse(body), reader, limits.maxRows())
                : CsvRows.read(body, reader, limits.maxRows());
    }

    private Rows cells(
            ModelVersion version, BlockInput input, HttpServletRequest request, byte[] body) {
        if (is(IMAGES, request)) {
            return images(version).read(List.of(new ImageCells.ImageFile("/file", body)));
        }
        if (!is(JSON, request)) {
            throw new ProblemException(
                    ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                    "the model's input is %s, which CSV does not hold; send %sJSON"
                            .formatted(
                                    JsonCells.described(input),
                                    switch (input.kind()) {
                                        case IMAGE -> "image files, or ";
                                        case TENSOR -> "";
                                    }));
        }
        return new JsonCells(input).read(json.parse(body), limits.maxRows());
    }

    private ImageCells images(ModelVersion version) {
        if (version.input() instanceof BlockInput block && block.kind() == BlockInput.Kind.IMAGE) {
            return new ImageCells(block, limits.maxPixels());
        }
        throw new ProblemException(
                ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                "the model's input is no image; send its rows as JSON");
    }
}
