package dev.hearth.problem;

import java.util.Locale;

/**
 * Every error that Hearth answers with. The name, in kebab case, ends the {@code type} of the
 * problem document, so a name is part of the interface and never changes.
 */
public enum ProblemCode {
    MALFORMED_REQUEST(Category.SYNTAX, "The request cannot be parsed"),
    MALFORMED_IDENTIFIER(Category.SYNTAX, "Not a valid identifier"),
    INVALID_PARAMETER(Category.SYNTAX, "A request parameter is not valid"),
    INVALID_CREDENTIALS(Category.UNAUTHENTICATED, "Credentials are missing or not valid"),
    FORBIDDEN(Category.FORBIDDEN, "Not allowed"),
    NOT_FOUND(Category.NOT_FOUND, "No such resource"),
    METHOD_NOT_ALLOWED(Category.METHOD_NOT_ALLOWED, "Method not allowed"),
    NOT_ACCEPTABLE(Category.NOT_ACCEPTABLE, "No acceptable representation"),
    INVALID_STATE(Category.CONFLICT, "The resource's state does not allow this"),
    IN_USE(Category.CONFLICT, "The resource is in use"),
    REQUEST_IN_PROGRESS(Category.CONFLICT, "The same request is still in progress"),
    MODEL_NOT_READY(Category.CONFLICT, "The model is not ready"),
    GOLDEN_ROWS_FAILED(Category.CONFLICT, "Golden rows are answered otherwise"),
    PRECONDITION_FAILED(Category.PRECONDITION_FAILED, "The resource has changed"),
    BODY_TOO_LARGE(Category.TOO_LARGE, "The request is too large"),
    BATCH_TOO_LARGE(Category.TOO_LARGE, "The batch is too large"),
    UNSUPPORTED_MEDIA_TYPE(Category.UNSUPPORTED_TYPE, "Unsupported media type"),
    INVALID_REQUEST(Category.UNPROCESSABLE, "The request is not valid"),
    DIGEST_MISMATCH(Category.UNPROCESSABLE, "The bytes are not those that were announced"),
    INVALID_DATASET(Category.UNPROCESSABLE, "The data cannot be used"),
    INVALID_SPECIFICATION(Category.UNPROCESSABLE, "The specification is not valid"),
    INVALID_MODEL_FILE(Category.UNPROCESSABLE, "The model file cannot be used"),
    INVALID_INPUT(Category.UNPROCESSABLE, "The input does not fit the model"),
    IDEMPOTENCY_KEY_REUSED(
            Category.UNPROCESSABLE, "The idempotency key belongs to another request"),
    OUT_OF_MEMORY(Category.UNPROCESSABLE, "There is not enough memory for this"),
    TRAINING_FAILED(Category.UNPROCESSABLE, "Training failed"),
    QUOTA_EXCEEDED(Category.QUOTA, "Your quota is used up"),
    OVERLOADED(Category.OVERLOADED, "The server is busy"),
    STORAGE_FULL(Category.OVERLOADED, "There is no room for more bytes"),
    STORAGE_UNAVAILABLE(Category.OVERLOADED, "The object storage does not answer"),
    DEADLINE_EXCEEDED(Category.OVERLOADED, "The deadline passed before the work began"),
    INTERNAL_ERROR(Category.INTERNAL, "Something went wrong on our side");

    private final Category category;
    private final String title;

    ProblemCode(Category category, String title) {
        this.category = category;
        this.title = title;
    }

    public Category category() {
        return category;
    }

    public String title() {
        return title;
    }

    /** The code in kebab case, such as {@code invalid-specification}. */
    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The code as a problem document's {@code type}. */
    public String type() {
        return "urn:hearth:problem:" + slug();
    }
}
