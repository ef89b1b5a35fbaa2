package dev.hearth.upload;

import dev.hearth.http.ContentDigest;
import dev.hearth.http.Idempotency;
import dev.hearth.http.JsonBody;
import dev.hearth.http.Owner;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.storage.Reservations;
import dev.hearth.storage.Scratch;
import dev.hearth.storage.Sha256;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Uploads in parts over HTTP. */
@RestController
@RequestMapping("/v1/uploads")
@Tag(name = "Uploads", description = "Large files in parts, to make data sets of")
class UploadController {

    private static final int BUFFER_BYTES = 1 << 16;

    private final Uploads uploads;
    private final Scratch scratch;
    private final Reservations reservations;
    private final Idempotency idempotency;
    private final JsonBody bodies;

    UploadController(
            Uploads uploads,
            Scratch scratch,
            Reservations reservations,
            Idempotency idempotency,
            JsonBody bodies) {
        this.uploads = uploads;
        this.scratch = scratch;
        this.reservations = reservations;
        this.idempotency = idempotency;
        this.bodies = bodies;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Announce a file that is to be sent in parts",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = NewUpload.class))))
    @ApiResponse(responseCode = "201")
    ResponseEntity<UploadView> create(
            @RequestBody byte[] body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        var announced = uploads.checked(bodies.read(body, NewUpload.class));
        reservations.require(Owner.current(), announced.sizeBytes());
        var digest = Sha256.newDigest();
        digest.update(body);
        var id =
                new UploadId(
                        idempotency.once(
                                Optional.ofNullable(key),
                                "POST /v1/uploads",
                                Sha256.of(digest).hex(),
                                () -> uploads.create(Owner.current(), announced)));
        return ResponseEntity.created(URI.create("/v1/uploads/" + id))
                .body(UploadView.of(uploads.require(id)));
    }

    @GetMapping("/{id}")
    @Operation(summary = "How much of a file is there, and which parts are missing")
    UploadView get(@PathVariable String id) {
        return UploadView.of(uploads.require(UploadId.parse(id)));
    }

    @PutMapping(path = "/{id}/parts/{number}", consumes = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    @Operation(
            operationId = "uploadPart",
            summary = "Send a part, counted from 1; sent again, it takes the place of the first",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
                                            schema = @Schema(type = "string", format = "binary"))))
    UploadView part(
            @PathVariable String id,
            @PathVariable int number,
            @RequestHeader(name = "Content-Digest", required = false) @Nullable String digest,
            @Parameter(hidden = true) HttpServletRequest request)
            throws IOException {
        var upload = uploads.require(UploadId.parse(id));
        long expected = upload.partBytes(number);
        if (request.getContentLengthLong() >= 0 && request.getContentLengthLong() != expected) {
            throw wrongSize(upload, number, String.valueOf(request.getContentLengthLong()));
        }
        var announced = ContentDigest.of(digest);
        var file = scratch.newFile();
        try {
            try (var in = announced.checking(request.getInputStream())) {
                receive(in, file, upload, number);
            }
            uploads.keep(upload.id(), number, file, Intake.of(request));
        } finally {
            Files.deleteIfExists(file);
        }
        return UploadView.of(uploads.require(upload.id()));
    }

    private static void receive(InputStream in, Path file, Upload upload, int number)
            throws IOException {
        long expected = upload.partBytes(number);
        long count = 0;
        var buffer = new byte[BUFFER_BYTES];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (var read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                count += read;
                if (count > expected) {
                    throw wrongSize(upload, number, "more than " + expected);
                }
                out.write(buffer, 0, read);
            }
        }
        if (count != expected) {
            throw wrongSize(upload, number, String.valueOf(count));
        }
    }

    private static ProblemException wrongSize(Upload upload, int number, String found) {
        return new ProblemException(
                ProblemCode.INVALID_REQUEST,
                "part %d has %s bytes, expected %d: of the %d bytes each part has %d, and the last, %d, has what is left"
                        .formatted(
                                number,
                                found,
                                upload.partBytes(number),
                                upload.sizeBytes(),
                                upload.partBytes(),
                                upload.parts()));
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Give an upload up, and its bytes back")
    void delete(@PathVariable String id) {
        uploads.delete(List.of(UploadId.parse(id)));
    }
}
