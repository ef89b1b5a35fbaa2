package dev.hearth.storage;

import dev.hearth.problem.UnavailableException;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * A bucket that answers: connects, tries again where the server is at fault, and says in a sentence
 * what went wrong.
 */
final class S3Bucket implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(S3Bucket.class);

    private static final int ATTEMPTS = 5;
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration SILENCE_TIMEOUT = Duration.ofSeconds(60);

    /** What is asked of the bucket. */
    @FunctionalInterface
    interface Request<T> {
        T send(S3Client s3) throws IOException;
    }

    private final S3Client s3;
    private final StorageSettings.S3 settings;

    private S3Bucket(S3Client s3, StorageSettings.S3 settings) {
        this.s3 = s3;
        this.settings = settings;
    }

    /**
     * @throws UnreachableStoreException where the bucket does not answer, or not to us
     */
    static S3Bucket connect(StorageSettings.S3 settings) {
        var client = client(settings);
        try {
            client.headBucket(request -> request.bucket(settings.bucket()));
            log.info("Blobs are kept in {}", settings);
            return new S3Bucket(client, settings);
        } catch (SdkException e) {
            client.close();
            throw new UnreachableStoreException(settings, e);
        }
    }

    static S3Client client(StorageSettings.S3 settings) {
        var client =
                S3Client.builder()
                        .region(Region.of(settings.region()))
                        .credentialsProvider(credentials(settings))
                        .forcePathStyle(settings.hasPathStyle())
                        // Content-MD5 and our own hash check the bytes; the newer checksums in
                        // trailers are unknown to many stores that are S3-compatible otherwise.
                        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                        .serviceConfiguration(service -> service.chunkedEncodingEnabled(false))
                        .httpClientBuilder(
                                UrlConnectionHttpClient.builder()
                                        .connectionTimeout(CONNECT_TIMEOUT)
                                        .socketTimeout(SILENCE_TIMEOUT))
                        .overrideConfiguration(override ->
                                override.retryStrategy(
                                        AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                                .maxAttempts(ATTEMPTS)
                                                .backoffStrategy(
                                                        BackoffStrategy.exponentialDelay(
                                                                SHORTEST_WAIT, LONGEST_WAIT))
                                                .build()));
        settings.endpointUri().ifPresent(client::endpointOverride);
        return client.build();
    }

    private static AwsCredentialsProvider credentials(StorageSettings.S3 settings) {
        return settings.accessKey().isEmpty()
                ? DefaultCredentialsProvider.builder().build()
                : StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(settings.accessKey(), settings.secretKey()));
    }

    String name() {
        return settings.bucket();
    }

    String key(Sha256 hash) {
        return settings.prefix() + BlobPlace.key(hash);
    }

    String prefix() {
        return settings.prefix();
    }

    /** Of the parts of an object, if it is larger than one. */
    long partBytes() {
        return settings.partSize().toBytes();
    }

    /**
     * @throws UnavailableException where the store still fails when it was asked several times
     */
    <T> T ask(Request<T> request) throws IOException {
        try {
            return request.send(s3);
        } catch (SdkException e) {
            throw unavailable(e);
        }
    }

    /**
     * @throws java.nio.file.NoSuchFileException where the answer is 404
     */
    <T> T ask(Sha256 hash, Request<T> request) throws IOException {
        try {
            return request.send(s3);
        } catch (S3Exception e) {
            if (e.statusCode() == 404) {
                throw BlobPlace.missing(hash);
            }
            throw unavailable(e);
        } catch (SdkException e) {
            throw unavailable(e);
        }
    }

    private UnavailableException unavailable(SdkException e) {
        return new UnavailableException(
                "The object storage (%s) does not do what it is asked; try again later"
                        .formatted(settings.place()),
                e);
    }

    @Override
    public void close() {
        s3.close();
    }
}
