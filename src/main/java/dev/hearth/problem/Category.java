package dev.hearth.problem;

/** What kind of failure a {@link ProblemCode} is; decides the HTTP status, in one place. */
public enum Category {
    /** The bytes cannot be parsed, or an identifier or parameter is not of its form. */
    SYNTAX,
    /** Credentials are missing or not valid. */
    UNAUTHENTICATED,
    /** Credentials are valid but do not allow this. */
    FORBIDDEN,
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    NOT_ACCEPTABLE,
    /** The resource's state does not allow this now. */
    CONFLICT,
    /** An {@code If-Match} precondition does not hold. */
    PRECONDITION_FAILED,
    TOO_LARGE,
    UNSUPPORTED_TYPE,
    /** Understood, but unacceptable. */
    UNPROCESSABLE,
    /** The caller's own quota is used up. */
    QUOTA,
    /** The server is full; the same request may succeed later. */
    OVERLOADED,
    /** Our fault. Never the answer to anything that a client sent. */
    INTERNAL
}
