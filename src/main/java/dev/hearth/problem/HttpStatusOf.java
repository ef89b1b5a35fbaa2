package dev.hearth.problem;

import org.springframework.http.HttpStatus;

/** The only place that knows which HTTP status a category of errors has. */
final class HttpStatusOf {

    private HttpStatusOf() {}

    static HttpStatus category(Category category) {
        return switch (category) {
            case SYNTAX -> HttpStatus.BAD_REQUEST;
            case UNAUTHENTICATED -> HttpStatus.UNAUTHORIZED;
            case FORBIDDEN -> HttpStatus.FORBIDDEN;
            case NOT_FOUND -> HttpStatus.NOT_FOUND;
            case METHOD_NOT_ALLOWED -> HttpStatus.METHOD_NOT_ALLOWED;
            case NOT_ACCEPTABLE -> HttpStatus.NOT_ACCEPTABLE;
            case CONFLICT -> HttpStatus.CONFLICT;
            case PRECONDITION_FAILED -> HttpStatus.PRECONDITION_FAILED;
            case TOO_LARGE -> HttpStatus.CONTENT_TOO_LARGE;
            case UNSUPPORTED_TYPE -> HttpStatus.UNSUPPORTED_MEDIA_TYPE;
            case UNPROCESSABLE -> HttpStatus.UNPROCESSABLE_CONTENT;
            case QUOTA -> HttpStatus.TOO_MANY_REQUESTS;
            case OVERLOADED -> HttpStatus.SERVICE_UNAVAILABLE;
            case INTERNAL -> HttpStatus.INTERNAL_SERVER_ERROR;
        };
    }

    /**
     * As {@link #category}, for the Open Inference Protocol: what is wrong with a request is 400
     * there, and a model that has no version yet is none.
     */
    static HttpStatus inOpenInference(Category category) {
        return switch (category) {
            case UNPROCESSABLE, CONFLICT -> HttpStatus.BAD_REQUEST;
            case SYNTAX,
                    UNAUTHENTICATED,
                    FORBIDDEN,
                    NOT_FOUND,
                    METHOD_NOT_ALLOWED,
                    NOT_ACCEPTABLE,
                    PRECONDITION_FAILED,
                    TOO_LARGE,
                    UNSUPPORTED_TYPE,
                    QUOTA,
                    OVERLOADED,
                    INTERNAL ->
                    category(category);
        };
    }

    /** The code for a status that the server itself or a library chose. */
    static ProblemCode code(int status) {
        return switch (status) {
            case 401 -> ProblemCode.INVALID_CREDENTIALS;
            case 403 -> ProblemCode.FORBIDDEN;
            case 404 -> ProblemCode.NOT_FOUND;
            case 405, 501 -> ProblemCode.METHOD_NOT_ALLOWED;
            case 406 -> ProblemCode.NOT_ACCEPTABLE;
            case 412 -> ProblemCode.PRECONDITION_FAILED;
            case 413 -> ProblemCode.BODY_TOO_LARGE;
            case 415 -> ProblemCode.UNSUPPORTED_MEDIA_TYPE;
            case 429, 503 -> ProblemCode.OVERLOADED;
            default ->
                    status >= 400 && status < 500
                            ? ProblemCode.MALFORMED_REQUEST
                            : ProblemCode.INTERNAL_ERROR;
        };
    }
}
