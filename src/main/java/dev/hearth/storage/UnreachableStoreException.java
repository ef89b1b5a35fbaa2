package dev.hearth.storage;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The bucket does not answer at the start; says why, and what to do about it. */
final class UnreachableStoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String remedy;

    UnreachableStoreException(StorageSettings.S3 settings, SdkException cause) {
        super("The object storage cannot be used: %s: %s".formatted(settings.place(), what(cause)));
        this.remedy = remedy(cause);
        initCause(cause);
    }

    private static String what(SdkException cause) {
        return switch (cause) {
            case S3Exception answer when answer.statusCode() == 404 -> "there is no such bucket";
            case S3Exception answer when answer.statusCode() == 403 ->
                    "the credentials are refused";
            case S3Exception answer when answer.statusCode() == 301 ->
                    "the bucket is in another region";
            case S3Exception answer -> "it answers " + answer.statusCode();
            case SdkException failure -> String.valueOf(failure.getMessage());
        };
    }

    private static String remedy(SdkException cause) {
        return switch (cause) {
            case S3Exception answer when answer.statusCode() == 404 ->
                    "Create the bucket, or name another one with HEARTH_S3_BUCKET.";
            case S3Exception answer when answer.statusCode() == 403 ->
                    "Set HEARTH_S3_ACCESS_KEY and HEARTH_S3_SECRET_KEY, or give the AWS SDK"
                            + " credentials in another way; they have to allow listing the bucket"
                            + " and reading, writing and deleting its objects.";
            case S3Exception answer when answer.statusCode() == 301 ->
                    "Set HEARTH_S3_REGION to the bucket's region.";
            case SdkException _ ->
                    "Check HEARTH_S3_ENDPOINT, HEARTH_S3_REGION, HEARTH_S3_BUCKET and the"
                            + " credentials; with HEARTH_STORAGE=folder no object storage is"
                            + " needed.";
        };
    }

    String remedy() {
        return remedy;
    }
}
