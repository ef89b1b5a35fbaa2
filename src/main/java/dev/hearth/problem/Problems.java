package dev.hearth.problem;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.context.request.async.AsyncRequestTimeoutException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.multipart.support.MissingServletRequestPartException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.JacksonException;

/** What an exception of Spring, Jackson or Tomcat means to a client. */
public final class Problems {

    private static final Logger log = LoggerFactory.getLogger(Problems.class);

    private Problems() {}

    /**
     * What went wrong on our side goes to the log, and its reference to the client; all else stays
     * as it is.
     *
     * @param request what was asked, for the log
     */
    public static ProblemException withReference(ProblemException problem, String request) {
        if (problem.code().category() != Category.INTERNAL) {
            return problem;
        }
        var reference = UUID.randomUUID();
        log.error(
                "Reference {}: {} failed",
                reference,
                request,
                problem.getCause() == null ? problem : problem.getCause());
        return new ProblemException(
                problem.code(),
                "Something unexpected happened; the log of the service tells more under reference %s."
                        .formatted(reference));
    }

    /** The problem that an exception is to a client. */
    public static ProblemException of(Throwable e) {
        var own = find(e, ProblemException.class);
        if (own != null) {
            return own;
        }
        var unavailable = find(e, UnavailableException.class);
        if (unavailable != null) {
            log.warn("The client is told to try again", unavailable);
            return problem(
                    ProblemCode.STORAGE_UNAVAILABLE, String.valueOf(unavailable.getMessage()));
        }
        if (DiskFull.explains(e)) {
            log.error("The disk is full", e);
            return problem(
                    ProblemCode.STORAGE_FULL,
                    "The disk of the service is full, and nothing of this request was kept; try"
                            + " again when data sets or models that are not needed are deleted, or"
                            + " the disk is larger.");
        }
        var json = find(e, JacksonException.class);
        return switch (e) {
            case HttpMessageNotReadableException _ ->
                    json == null
                            ? problem(
                                    ProblemCode.MALFORMED_REQUEST,
                                    "The request needs a body that can be read, and has none.")
                            : JsonProblems.of(json);
            // Bodies are read by JsonBody, which tells clients of theirs; this is JSON of our own.
            case JacksonException jackson -> internal(jackson);
            case MaxUploadSizeExceededException _ ->
                    problem(
                            ProblemCode.BODY_TOO_LARGE,
                            "The upload is larger than this service accepts"
                                    + " (hearth.http.max-upload).");
            case MultipartException _ ->
                    problem(
                            ProblemCode.MALFORMED_REQUEST,
                            "The multipart body cannot be read; send multipart/form-data with a"
                                    + " boundary, whole.");
            case MissingServletRequestPartException part ->
                    parameter("The form has no part '%s'.".formatted(part.getRequestPartName()));
            case MissingServletRequestParameterException missing ->
                    parameter(
                            "The parameter '%s' is missing.".formatted(missing.getParameterName()));
            case MissingRequestHeaderException missing ->
                    parameter("The header '%s' is missing.".formatted(missing.getHeaderName()));
            case MethodArgumentTypeMismatchException mismatch -> mismatch(mismatch);
            case NoHandlerFoundException missing ->
                    problem(
                            ProblemCode.NOT_FOUND,
                            "There is nothing at %s; /swagger-ui.html lists what there is."
                                    .formatted(missing.getRequestURL()));
            case NoResourceFoundException missing ->
                    problem(
                            ProblemCode.NOT_FOUND,
                            "There is nothing at /%s; /swagger-ui.html lists what there is."
                                    .formatted(missing.getResourcePath()));
            case HttpRequestMethodNotSupportedException method ->
                    problem(
                            ProblemCode.METHOD_NOT_ALLOWED,
                            "%s is not possible here; the Allow header tells what is."
                                    .formatted(method.getMethod()));
            case HttpMediaTypeNotSupportedException type -> unsupported(type);
            case HttpMediaTypeNotAcceptableException type ->
                    problem(
                            ProblemCode.NOT_ACCEPTABLE,
                            "This can be had as %s only; change the Accept header."
                                    .formatted(type.getSupportedMediaTypes()));
            case AsyncRequestTimeoutException _ ->
                    problem(
                            ProblemCode.DEADLINE_EXCEEDED,
                            "The answer took longer than is allowed; try again.");
            case ErrorResponse response -> byStatus(response.getStatusCode().value(), e);
            default -> internal(e);
        };
    }

    /** For a status that the server or a library chose without an exception that says more. */
    static ProblemException byStatus(int status, @Nullable Throwable cause) {
        var code = HttpStatusOf.code(status);
        return switch (code.category()) {
            case INTERNAL ->
                    internal(cause == null ? new IllegalStateException("status " + status) : cause);
            case SYNTAX ->
                    problem(
                            code,
                            "The request cannot be read: its path, headers or parameters have"
                                    + " characters that are not allowed there.");
            case UNAUTHENTICATED,
                    FORBIDDEN,
                    NOT_FOUND,
                    METHOD_NOT_ALLOWED,
                    NOT_ACCEPTABLE,
                    CONFLICT,
                    PRECONDITION_FAILED,
                    TOO_LARGE,
                    UNSUPPORTED_TYPE,
                    UNPROCESSABLE,
                    QUOTA,
                    OVERLOADED ->
                    problem(code, code.title() + ".");
        };
    }

    private static ProblemException internal(Throwable cause) {
        return new ProblemException(ProblemCode.INTERNAL_ERROR, "unexpected", cause);
    }

    private static ProblemException mismatch(MethodArgumentTypeMismatchException e) {
        if (e.getRequiredType() == UUID.class) {
            return problem(
                    ProblemCode.MALFORMED_IDENTIFIER,
                    "'%s' is not an ID; an ID looks like 0b6e2d0c-6d4f-4b8e-9a53-3c1f5a7e9d20."
                            .formatted(e.getValue()));
        }
        var type = e.getRequiredType();
        var expected =
                type == int.class
                                || type == Integer.class
                                || type == long.class
                                || type == Long.class
                        ? "an integer in range"
                        : "of the expected form";
        return parameter(
                "The parameter '%s' is '%s', which is not %s."
                        .formatted(e.getName(), e.getValue(), expected));
    }

    private static ProblemException unsupported(HttpMediaTypeNotSupportedException e) {
        var sent =
                e.getContentType() == null
                        ? "There is no Content-Type"
                        : "The Content-Type " + e.getContentType() + " is not understood here";
        return problem(
                ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                "%s; send one of %s.".formatted(sent, e.getSupportedMediaTypes()));
    }

    private static ProblemException parameter(String detail) {
        return problem(ProblemCode.INVALID_PARAMETER, detail);
    }

    private static ProblemException problem(ProblemCode code, String detail) {
        return new ProblemException(code, detail);
    }

    private static <T extends Throwable> @Nullable T find(Throwable e, Class<T> type) {
        return Causes.of(e).filter(type::isInstance).map(type::cast).findFirst().orElse(null);
    }
}
