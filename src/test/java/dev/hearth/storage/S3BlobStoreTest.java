package dev.hearth.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.problem.UnavailableException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;

/** The contract, with blobs in a bucket of a real S3 server, and what only such a store does. */
class S3BlobStoreTest extends BlobStoreContract {

    private static final int TWELVE_MB = 12 << 20;

    private static S3Server server;

    private UnreliableRoute route;
    private S3Bucket bucket;

    @BeforeAll
    static void startServer() throws Exception {
        server = S3Server.start();
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.stop();
    }

    @BeforeEach
    @Override
    void open() throws Exception {
        route = UnreliableRoute.to(server.endpoint());
        var name = "bucket-" + UUID.randomUUID();
        var settings = server.settings(route.endpoint(), name);
        try (var s3 = S3Bucket.client(settings)) {
            s3.createBucket(request -> request.bucket(name));
        }
        bucket = S3Bucket.connect(settings);
        super.open();
    }

    @Override
    BlobPlace emptyPlace() throws IOException {
        return new S3Place(bucket, cache(), Instant::now, GRACE.dividedBy(2));
    }

    @AfterEach
    void closeRoute() throws IOException {
        bucket.close();
        route.close();
    }

    private BlobCache cache() throws IOException {
        return new BlobCache(
                new BlobCache.Place(folder.resolve("cache"), 1 << 30),
                scratch,
                Instant::now,
                new CacheMeters(new SimpleMeterRegistry()));
    }

    private void emptyCache() throws IOException {
        try (var files = Files.newDirectoryStream(folder.resolve("cache"))) {
            for (var file : files) {
                Files.delete(file);
            }
        }
    }

    private static byte[] random(int size) {
        var bytes = new byte[size];
        new Random(42).nextBytes(bytes);
        return bytes;
    }

    @Test
    void aLargeBlobIsSentInPartsAndComesBackWhole() throws IOException {
        var bytes = random(TWELVE_MB);

        var blob = store.put(out -> out.write(bytes));
        emptyCache();

        assertThat(store.file(blob.hash())).hasBinaryContent(bytes);
        assertThat(leftovers()).isEmpty();
        assertThat(route.parts()).isEqualTo(3);
    }

    @Test
    void thereAreNeverMorePartsThanS3Allows() {
        var terabyte = 1L << 40;

        var slices = S3Place.slices(Path.of("x"), terabyte, 5 << 20);

        assertThat(slices).hasSizeLessThanOrEqualTo(10_000);
        assertThat(slices.stream().mapToLong(FileSlice::sizeBytes).sum()).isEqualTo(terabyte);
    }

    @Test
    void aServerThatFailsForAWhileIsAskedAgain() throws IOException {
        var bytes = random(100_000);
        route.failNext(3);

        var blob = store.put(out -> out.write(bytes));

        assertThat(route.refused()).isEqualTo(3);
        assertThat(place.sizeBytes(blob.hash())).isEqualTo(bytes.length);
    }

    @Test
    void aServerThatGoesOnFailingIsReportedAndNothingIsLeft() throws IOException {
        route.failNext(1000);

        assertThatThrownBy(() -> store.put(out -> out.write(random(100_000))))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining(bucket.name())
                .hasMessageContaining("try again later");

        route.failNext(0);
        assertThat(stored()).isEmpty();
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void anAnswerThatBreaksOffIsFetchedAgain() throws IOException {
        var bytes = random(TWELVE_MB);
        var blob = store.put(out -> out.write(bytes));
        emptyCache();
        route.cutNextAnswerAfter(1 << 20);

        assertThat(store.file(blob.hash())).hasBinaryContent(bytes);
    }

    @Test
    void anObjectWithOtherBytesIsNotTakenForTheBlob() throws IOException {
        var blob = store.put(out -> out.write(random(1000)));
        emptyCache();
        bucket.ask(s3 ->
                s3.putObject(
                        request -> request.bucket(bucket.name()).key(bucket.key(blob.hash())),
                        RequestBody.fromBytes(new byte[] {1, 2, 3})));

        assertThatThrownBy(() -> store.file(blob.hash()))
                .hasMessageContaining("blob " + blob.hash() + " came with the hash");
        assertThat(folder.resolve("cache")).isEmptyDirectory();
    }

    @Test
    void partsThatNobodyWillFinishAreSwept() throws IOException {
        var hash = new Sha256("0123456789abcdef".repeat(4));
        bucket.ask(s3 -> {
            var upload =
                    s3.createMultipartUpload(
                            request -> request.bucket(bucket.name()).key(bucket.key(hash)));
            return s3.uploadPart(
                    request ->
                            request.bucket(bucket.name())
                                    .key(bucket.key(hash))
                                    .uploadId(upload.uploadId())
                                    .partNumber(1),
                    RequestBody.fromBytes(random(5 << 20)));
        });

        assertThat(place.endUploadsBegunBefore(Instant.now().minus(Duration.ofHours(1)))).isZero();
        assertThat(place.endUploadsBegunBefore(Instant.now().plus(Duration.ofHours(1)))).isOne();
        assertThat(place.endUploadsBegunBefore(Instant.now().plus(Duration.ofHours(1)))).isZero();
    }

    @Test
    void otherObjectsInTheBucketAreNoBlobs() throws IOException {
        bucket.ask(s3 ->
                s3.putObject(
                        request -> request.bucket(bucket.name()).key("blobs/ab/notes.txt"),
                        RequestBody.fromBytes(new byte[] {1, 2, 3})));

        assertThat(stored()).isEmpty();
    }

    @Test
    void aMissingBucketIsNamedAtTheStart() {
        var settings = server.settings(route.endpoint(), "no-such-bucket");

        assertThatThrownBy(() -> S3Bucket.connect(settings))
                .isInstanceOfSatisfying(
                        UnreachableStoreException.class,
                        e -> assertThat(e.remedy()).contains("HEARTH_S3_BUCKET"))
                .hasMessageContaining("bucket 'no-such-bucket' at " + route.endpoint())
                .hasMessageContaining("there is no such bucket");
    }

    @Test
    void aServerThatIsNotThereIsNamedAtTheStart() {
        var settings = server.settings("http://127.0.0.1:1", "bucket");

        assertThatThrownBy(() -> S3Bucket.connect(settings))
                .isInstanceOfSatisfying(
                        UnreachableStoreException.class,
                        e -> assertThat(e.remedy()).contains("HEARTH_S3_ENDPOINT"))
                .hasMessageContaining("http://127.0.0.1:1");
    }

    @Test
    void noSettingsTellTheSecret() {
        var settings = server.settings("http://127.0.0.1:1", "bucket");

        assertThat(settings.toString())
                .contains("bucket")
                .doesNotContain(S3Server.SECRET_KEY, S3Server.ACCESS_KEY);
    }
}
