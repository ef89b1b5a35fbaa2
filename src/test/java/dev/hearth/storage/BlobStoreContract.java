package dev.hearth.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.HearthTest;
import dev.hearth.http.Owner;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What every store of blobs does, with real owners in a real database. */
@HearthTest
abstract class BlobStoreContract {

    static final Duration GRACE = Duration.ofHours(24);

    @TempDir Path folder;

    @Autowired JdbcClient sql;
    @Autowired PlatformTransactionManager transactions;

    private final String owner = "test:" + UUID.randomUUID();
    private final String other = "test:" + UUID.randomUUID();

    Scratch scratch;
    BlobPlace place;
    BlobStore store;

    /** A place with nothing in it. */
    abstract BlobPlace emptyPlace() throws Exception;

    @BeforeEach
    void open() throws Exception {
        scratch = Scratch.in(folder.resolve("scratch"));
        place = emptyPlace();
        store = store(OptionalLong.empty());
    }

    @AfterEach
    void release() throws IOException {
        store.release(owner);
        store.release(other);
        scratch.close();
    }

    private BlobStore store(OptionalLong mostBytes) {
        return new OwnedBlobs(
                place,
                scratch,
                owners(),
                new Reservations(
                        new Reservations.Most(mostBytes, QuotaSettings.NONE),
                        owners(),
                        sql,
                        Instant::now,
                        transactions));
    }

    private BlobOwners owners() {
        return new BlobOwners(sql, Instant::now, transactions);
    }

    private BlobSweep sweepAfter(Duration time) {
        return new BlobSweep(
                place,
                owners(),
                () -> Instant.now().plus(time),
                new BlobSweep.Pace(Duration.ofHours(1), GRACE),
                new SimpleMeterRegistry());
    }

    /** Bytes that no other test stores. */
    private static byte[] fresh() {
        return ("blob " + UUID.randomUUID()).getBytes(UTF_8);
    }

    private Blob put(byte[] bytes) throws IOException {
        return store.put(out -> out.write(bytes));
    }

    List<Sha256> stored() throws IOException {
        var hashes = new ArrayList<Sha256>();
        place.list(page -> page.forEach(entry -> hashes.add(entry.blob().hash())));
        return hashes;
    }

    List<Path> leftovers() throws IOException {
        try (var files = Files.walk(folder.resolve("scratch"))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith(".lock"))
                    .toList();
        }
    }

    @Test
    void whatIsPutIsReadBackByItsHash() throws IOException {
        var bytes = fresh();
        var digest = Sha256.newDigest();
        digest.update(bytes);

        var blob = put(bytes);

        assertThat(blob).isEqualTo(new Blob(Sha256.of(digest), bytes.length));
        try (var in = store.open(blob.hash())) {
            assertThat(in.readAllBytes()).isEqualTo(bytes);
        }
        assertThat(store.file(blob.hash())).hasBinaryContent(bytes);
        assertThat(stored()).containsExactly(blob.hash());
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void anEmptyBlobIsABlob() throws IOException {
        var blob = put(new byte[0]);

        assertThat(store.file(blob.hash())).isEmptyFile();
    }

    @Test
    void aFileIsStoredAsItIs() throws IOException {
        var bytes = fresh();
        var file = scratch.newFile();
        Files.write(file, bytes);

        var blob = store.put(file);
        Files.delete(file);

        assertThat(store.file(blob.hash())).hasBinaryContent(bytes);
        assertThat(blob.sizeBytes()).isEqualTo(bytes.length);
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void aWriterThatFailsLeavesNothingBehind() throws IOException {
        assertThatThrownBy(() ->
                        store.put(out -> {
                            out.write(fresh());
                            throw new IOException("the client hung up");
                        }))
                .hasMessage("the client hung up");

        assertThat(stored()).isEmpty();
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void aBlobThatIsNotThereIsNamed() {
        var hash = new Sha256("0123456789abcdef".repeat(4));

        assertThatThrownBy(() -> store.file(hash))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("there is no blob " + hash);
        assertThatThrownBy(() -> store.open(hash)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> store.own(owner, Owner.DEFAULT, hash))
                .hasRootCauseInstanceOf(NoSuchFileException.class);
    }

    @Test
    void writersOfTheSameBytesMeetInOneBlob() throws Exception {
        var bytes = fresh();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Blob> write = () -> put(bytes);
            var blobs = threads.invokeAll(List.of(write, write, write, write));
            for (var blob : blobs) {
                assertThat(blob.get()).isEqualTo(blobs.getFirst().get());
            }
            assertThat(stored()).containsExactly(blobs.getFirst().get().hash());
        }
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void aBlobGoesWithItsLastOwner() throws IOException {
        var blob = put(fresh());
        store.own(owner, Owner.DEFAULT, blob.hash());
        store.own(other, Owner.DEFAULT, blob.hash());

        store.release(owner);
        assertThat(stored()).containsExactly(blob.hash());

        store.release(other);
        assertThat(stored()).isEmpty();
        assertThatThrownBy(() -> store.file(blob.hash())).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aTransactionThatFailsLeavesNoBlob() throws IOException {
        var transaction = new TransactionTemplate(transactions);

        assertThatThrownBy(() ->
                        transaction.executeWithoutResult(_ -> {
                            try {
                                store.own(owner, Owner.DEFAULT, put(fresh()).hash());
                            } catch (IOException e) {
                                throw new IllegalStateException(e);
                            }
                            throw new IllegalArgumentException("no");
                        }))
                .hasMessage("no");

        assertThat(stored()).isEmpty();
    }

    @Test
    void whatIsClaimedOutlivesItsLastOwnerUntilItIsOwnedAgain() throws IOException {
        var bytes = fresh();
        store.own(owner, Owner.DEFAULT, put(bytes).hash());
        Blob blob;
        try (var claim = store.claim()) {
            blob = claim.put(out -> out.write(bytes));
            store.release(owner);
            assertThat(stored()).containsExactly(blob.hash());
            store.own(other, Owner.DEFAULT, blob.hash());
        }
        assertThat(stored()).containsExactly(blob.hash());

        store.release(other);
        assertThat(stored()).isEmpty();
    }

    @Test
    void aClaimLeavesNothingBehindThatNobodyOwns() throws IOException {
        try (var claim = store.claim()) {
            claim.put(out -> out.write(fresh()));
            claim.put(out -> out.write(fresh()));
            assertThat(stored()).hasSize(2);
        }
        assertThat(stored()).isEmpty();
    }

    @Test
    void theSweepEndsTheClaimsOfThoseWhoDied() throws IOException {
        var bytes = fresh();
        store.claim().put(out -> out.write(bytes));

        assertThat(sweepAfter(GRACE.minusMinutes(1)).sweep().deleted()).isZero();
        assertThat(sweepAfter(GRACE.plusMinutes(1)).sweep())
                .isEqualTo(new BlobSweep.Swept(0, 1, bytes.length, 0));
    }

    @Test
    void theSweepTakesOldBlobsThatNobodyOwns() throws IOException {
        var owned = put(fresh());
        store.own(owner, Owner.DEFAULT, owned.hash());
        var orphan = fresh();
        put(orphan);

        var swept = sweepAfter(GRACE.plusMinutes(1)).sweep();

        assertThat(swept).isEqualTo(new BlobSweep.Swept(1, 1, orphan.length, 0));
        assertThat(stored()).containsExactly(owned.hash());
        assertThat(sweepAfter(GRACE.plusMinutes(1)).sweep().deleted()).isZero();
    }

    @Test
    void theSweepLeavesBlobsThatSomebodyMayBeAboutToOwn() throws IOException {
        var blob = put(fresh());

        sweepAfter(GRACE.minusMinutes(1)).sweep();

        assertThat(stored()).containsExactly(blob.hash());
    }

    @Test
    void aStoreThatIsFullRefusesBytesAsTheyArrive() throws IOException {
        var first = put(new byte[1000]);
        store.own(owner, Owner.DEFAULT, first.hash());
        var used = owners().ownedBytes();
        var small = store(OptionalLong.of(used + 100_000));

        assertThatThrownBy(() ->
                        small.put(out -> {
                            for (var i = 0; i < 1_000_000; i++) {
                                out.write(new byte[10_000]);
                            }
                        }))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.code()).isEqualTo(ProblemCode.STORAGE_FULL))
                .hasMessageContaining("may hold " + (used + 100_000) + " bytes")
                .hasMessageContaining("GET /v1/storage");
        assertThat(leftovers()).isEmpty();
        assertThat(stored()).containsExactly(first.hash());

        var fits = small.put(out -> out.write(new byte[50_000]));
        assertThat(fits.sizeBytes()).isEqualTo(50_000);
    }
}
