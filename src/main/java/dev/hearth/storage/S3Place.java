package dev.hearth.storage;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Blobs as objects of a bucket, {@code PREFIXab/cdef…}, and copies of those that were read or
 * written lately in a {@link BlobCache}.
 *
 * <p>S3 shows an object only when all of it has arrived, so a blob is there whole or not there.
 * What arrives is checked twice: by the server against {@code Content-MD5}, and by whoever reads
 * against the blob's name.
 */
final class S3Place implements BlobPlace {

    private static final Logger log = LoggerFactory.getLogger(S3Place.class);
    private static final Pattern KEY = Pattern.compile("([0-9a-f]{2})/([0-9a-f]{62})");
    private static final String TYPE = "application/octet-stream";
    private static final int MOST_PARTS = 10_000;
    private static final int READ_ATTEMPTS = 3;

    private final S3Bucket bucket;
    private final BlobCache cache;
    private final InstantSource time;
    private final Duration young;

    /**
     * @param young an object that is older is sent again when it is stored again; less than the
     *     grace of the sweep, from which it is safe then
     */
    S3Place(S3Bucket bucket, BlobCache cache, InstantSource time, Duration young) {
        this.bucket = bucket;
        this.cache = cache;
        this.time = time;
        this.young = young;
    }

    @Override
    public void store(Path unfinished, Blob blob) throws IOException {
        if (!isYoung(blob.hash())) {
            upload(unfinished, blob);
        }
        cache.keep(unfinished, blob.hash());
    }

    private boolean isYoung(Sha256 hash) throws IOException {
        try {
            return head(hash).lastModified().isAfter(time.instant().minus(young));
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private void upload(Path file, Blob blob) throws IOException {
        if (blob.sizeBytes() <= bucket.partBytes()) {
            uploadWhole(new FileSlice(file, 0, blob.sizeBytes()), blob.hash());
        } else {
            uploadInParts(file, blob);
        }
        long arrived = sizeBytes(blob.hash());
        if (arrived != blob.sizeBytes()) {
            delete(blob.hash());
            throw new IOException(
                    "the object storage has %d bytes of blob %s, which has %d"
                            .formatted(arrived, blob.hash(), blob.sizeBytes()));
        }
    }

    private void uploadWhole(FileSlice whole, Sha256 hash) throws IOException {
        var md5 = whole.md5();
        bucket.ask(s3 ->
                s3.putObject(
                        request ->
                                request.bucket(bucket.name())
                                        .key(bucket.key(hash))
                                        .contentType(TYPE)
                                        .contentMD5(md5),
                        body(whole)));
    }

    private void uploadInParts(Path file, Blob blob) throws IOException {
        var key = bucket.key(blob.hash());
        var id =
                bucket.ask(s3 ->
                        s3.createMultipartUpload(request ->
                                        request.bucket(bucket.name()).key(key).contentType(TYPE))
                                .uploadId());
        try {
            var parts = new ArrayList<CompletedPart>();
            for (var slice : slices(file, blob.sizeBytes(), bucket.partBytes())) {
                parts.add(uploadPart(slice, key, id, parts.size() + 1));
            }
            bucket.ask(s3 ->
                    s3.completeMultipartUpload(request ->
                            request.bucket(bucket.name())
                                    .key(key)
                                    .uploadId(id)
                                    .multipartUpload(upload -> upload.parts(parts))));
        } catch (IOException | RuntimeException e) {
            try {
                abort(key, id);
            } catch (IOException e2) {
                // The sweep ends it later.
                e.addSuppressed(e2);
            }
            throw e;
        }
    }

    private CompletedPart uploadPart(FileSlice slice, String key, String id, int number)
            throws IOException {
        var md5 = slice.md5();
        var part =
                bucket.ask(s3 ->
                        s3.uploadPart(
                                request ->
                                        request.bucket(bucket.name())
                                                .key(key)
                                                .uploadId(id)
                                                .partNumber(number)
                                                .contentMD5(md5),
                                body(slice)));
        return CompletedPart.builder().partNumber(number).eTag(part.eTag()).build();
    }

    /** No more parts than S3 allows, so larger ones for what is very large. */
    static List<FileSlice> slices(Path file, long sizeBytes, long partBytes) {
        long size = Math.max(partBytes, Math.ceilDiv(sizeBytes, MOST_PARTS));
        var slices = new ArrayList<FileSlice>();
        for (long offset = 0; offset < sizeBytes; offset += size) {
            slices.add(new FileSlice(file, offset, Math.min(size, sizeBytes - offset)));
        }
        return slices;
    }

    private static RequestBody body(FileSlice slice) {
        return RequestBody.fromContentProvider(
                () -> {
                    try {
                        return slice.open();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                slice.sizeBytes(),
                TYPE);
    }

    @Override
    public Path file(Sha256 hash) throws IOException {
        return cache.file(hash, this::download);
    }

    /** The SDK tries again until the answer begins; what breaks off later is tried again here. */
    private void download(Sha256 hash, Path target) throws IOException {
        IOException last = new IOException("never tried");
        for (int attempt = 1; attempt <= READ_ATTEMPTS; attempt++) {
            try {
                var got = bucket.ask(hash, s3 -> receive(s3, hash, target));
                if (got.equals(hash)) {
                    return;
                }
                last = new IOException("blob %s came with the hash %s".formatted(hash, got));
            } catch (NoSuchFileException | InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                last = e;
            }
            log.warn("Blob {} did not come whole (attempt {})", hash, attempt, last);
        }
        throw last;
    }

    private Sha256 receive(S3Client s3, Sha256 hash, Path target) throws IOException {
        var digest = Sha256.newDigest();
        try (var in = s3.getObject(request -> request.bucket(bucket.name()).key(bucket.key(hash)));
                var file =
                        Files.newOutputStream(
                                target,
                                StandardOpenOption.WRITE,
                                StandardOpenOption.TRUNCATE_EXISTING);
                var out = new DigestOutputStream(file, digest)) {
            in.transferTo(out);
        }
        return Sha256.of(digest);
    }

    @Override
    public long sizeBytes(Sha256 hash) throws IOException {
        return head(hash).contentLength();
    }

    private HeadObjectResponse head(Sha256 hash) throws IOException {
        return bucket.ask(
                hash,
                s3 ->
                        s3.headObject(
                                request -> request.bucket(bucket.name()).key(bucket.key(hash))));
    }

    @Override
    public void delete(Sha256 hash) throws IOException {
        bucket.ask(s3 ->
                s3.deleteObject(request -> request.bucket(bucket.name()).key(bucket.key(hash))));
        cache.forget(hash);
    }

    @Override
    public void list(Consumer<List<Entry>> page) throws IOException {
        var pages =
                bucket.ask(s3 ->
                        s3.listObjectsV2Paginator(request ->
                                        request.bucket(bucket.name())
                                                .prefix(bucket.prefix())
                                                .maxKeys(PAGE))
                                .iterator());
        while (bucket.ask(_ -> pages.hasNext())) {
            var next = bucket.ask(_ -> pages.next());
            page.accept(
                    next.contents().stream().map(this::entry).flatMap(Optional::stream).toList());
        }
    }

    /** Of an object that is a blob; a bucket may have others. */
    private Optional<Entry> entry(S3Object object) {
        var key = KEY.matcher(object.key().substring(bucket.prefix().length()));
        return key.matches()
                ? Optional.of(
                        new Entry(
                                new Blob(new Sha256(key.group(1) + key.group(2)), object.size()),
                                object.lastModified()))
                : Optional.empty();
    }

    @Override
    public int endUploadsBegunBefore(Instant time) throws IOException {
        var ended = 0;
        var pages =
                bucket.ask(s3 ->
                        s3.listMultipartUploadsPaginator(request ->
                                        request.bucket(bucket.name()).prefix(bucket.prefix()))
                                .iterator());
        while (bucket.ask(_ -> pages.hasNext())) {
            for (var upload : bucket.ask(_ -> pages.next()).uploads()) {
                var ours = KEY.matcher(upload.key().substring(bucket.prefix().length())).matches();
                if (ours && upload.initiated().isBefore(time)) {
                    abort(upload.key(), upload.uploadId());
                    ended++;
                }
            }
        }
        return ended;
    }

    private void abort(String key, String id) throws IOException {
        bucket.ask(s3 ->
                s3.abortMultipartUpload(
                        request -> request.bucket(bucket.name()).key(key).uploadId(id)));
    }
}
