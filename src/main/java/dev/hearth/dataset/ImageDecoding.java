package dev.hearth.dataset;

import dev.hearth.dataset.image.ImageDecoder;
import dev.hearth.dataset.image.Picture;
import dev.hearth.dataset.image.UndecodableException;
import dev.hearth.dataset.zip.BadEntryException;
import dev.hearth.dataset.zip.InflationBudget;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.Violation;
import dev.hearth.storage.Scratch;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Decodes pictures on several threads, and writes them in their order. Only a few are in memory at
 * a time, and of large ones a single one.
 */
final class ImageDecoding {

    /** Larger pictures are decoded one after the other. */
    private static final long LARGE_PIXELS = 4_000_000;

    /** Of files that are in memory, where there are several. */
    private static final long FILES_AT_ONCE_BYTES = 32L << 20;

    private static final int PICTURES_A_REPORT = 64;
    private static final int UNDECODABLE_KEPT = Violations.KEPT;

    /**
     * Pictures, and what became of their files.
     *
     * @param kept the places of the files that the column's rows were made of
     * @param undecodable the first hundred of those left out
     */
    record Result(
            ImageColumn column,
            List<Integer> kept,
            List<ImageReport.Undecodable> undecodable,
            long undecodableCount) {
        Result {
            kept = List.copyOf(kept);
            undecodable = List.copyOf(undecodable);
        }
    }

    private sealed interface Outcome {
        record Decoded(Picture picture, long hash) implements Outcome {}

        @SuppressWarnings("ArrayRecordComponent") // handed from one thread to another
        record Large(byte[] file) implements Outcome {}

        record Undecodable(String why) implements Outcome {}

        /** The archive is at fault, not the picture. */
        record Broken(String why) implements Outcome {}
    }

    /** What a thread needs to decode; used by one thread at a time. */
    private static final class Desk implements AutoCloseable {
        private final ImageDecoder decoder;
        private final PictureHash hash = new PictureHash();
        private final PixelStatistics statistics = new PixelStatistics();

        Desk(long mostPixels) {
            this.decoder = new ImageDecoder(mostPixels);
        }

        @Override
        public void close() {
            decoder.close();
        }
    }

    private final ImageSettings limits;
    private final ImageOptions options;
    private final InflationBudget budget;
    private final Violations violations = new Violations();
    private final List<Integer> kept = new ArrayList<>();
    private final List<ImageReport.Undecodable> undecodable = new ArrayList<>();
    private long undecodableCount;

    ImageDecoding(ImageSettings limits, ImageOptions options, InflationBudget budget) {
        this.limits = limits;
        this.options = options;
        this.budget = budget;
    }

    /**
     * @throws ProblemException with all pictures that cannot be decoded, unless they are skipped
     */
    Result decode(List<ImageSource> sources, Scratch scratch, PreparationProgress progress)
            throws IOException {
        int threads = limits.decodingThreads();
        var desks = new ArrayBlockingQueue<Desk>(threads + 1);
        var all = new PixelStatistics();
        try (var writer = new ImageColumnWriter(scratch, limits.maxDecoded().toBytes(), progress);
                var own = new Desk(limits.maxPixels())) {
            for (int i = 0; i < threads; i++) {
                desks.add(new Desk(limits.maxPixels()));
            }
            decode(sources, desks, own, writer, progress);
            violations.throwIfAny();
            if (kept.isEmpty()) {
                throw new ProblemException(
                        ProblemCode.INVALID_DATASET,
                        "none of the %,d pictures can be decoded; the first: %s %s"
                                .formatted(
                                        undecodableCount,
                                        undecodable.getFirst().file(),
                                        undecodable.getFirst().reason()));
            }
            all.add(own.statistics);
            desks.forEach(desk -> all.add(desk.statistics));
            return new Result(
                    writer.finish(options.wantedMode(), all), kept, undecodable, undecodableCount);
        } finally {
            desks.forEach(Desk::close);
        }
    }

    private void decode(
            List<ImageSource> sources,
            BlockingQueue<Desk> desks,
            Desk own,
            ImageColumnWriter writer,
            PreparationProgress progress)
            throws IOException {
        int window = 2 * desks.size() + 2;
        var waiting = new ArrayDeque<Future<Outcome>>();
        // Closing waits for the few that are under way, which read from the archives.
        try (ExecutorService threads = Executors.newFixedThreadPool(desks.size())) {
            int next = 0;
            long fileBytes = 0;
            for (int place = 0; place < sources.size(); place++) {
                while (next < sources.size()
                        && waiting.size() < window
                        && (waiting.isEmpty()
                                || sources.get(next).sizeBytes()
                                        <= FILES_AT_ONCE_BYTES - fileBytes)) {
                    ImageSource source = sources.get(next++);
                    fileBytes += source.sizeBytes();
                    waiting.add(threads.submit(() -> decodeAtADesk(source, desks)));
                }
                if (place % PICTURES_A_REPORT == 0) {
                    progress.at((double) place / sources.size(), "decoding pictures");
                }
                Outcome outcome = result(waiting.remove());
                if (outcome instanceof Outcome.Large(byte[] file)) {
                    progress.at((double) place / sources.size(), "decoding pictures");
                    outcome = decode(file, own);
                }
                write(outcome, place, sources.get(place), writer);
                fileBytes -= sources.get(place).sizeBytes();
            }
        }
    }

    private Outcome decodeAtADesk(ImageSource source, BlockingQueue<Desk> desks)
            throws InterruptedException {
        Desk desk = desks.take();
        try {
            byte[] file = source.read(budget);
            return desk.decoder.size(file).pixels() > LARGE_PIXELS
                    ? new Outcome.Large(file)
                    : decode(file, desk);
        } catch (BadEntryException e) {
            return new Outcome.Broken(e.explanation());
        } catch (UndecodableException e) {
            return new Outcome.Undecodable(e.explanation());
        } finally {
            desks.add(desk);
        }
    }

    private Outcome decode(byte[] file, Desk desk) {
        try {
            Picture picture = desk.decoder.decode(file, options.wantedMode());
            desk.statistics.add(picture);
            return new Outcome.Decoded(picture, desk.hash.of(picture));
        } catch (UndecodableException e) {
            return new Outcome.Undecodable(e.explanation());
        }
    }

    private static Outcome result(Future<Outcome> future) throws IOException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while pictures were decoded");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw new IllegalStateException(e);
        }
    }

    private void write(Outcome outcome, int place, ImageSource source, ImageColumnWriter writer)
            throws IOException {
        switch (outcome) {
            case Outcome.Decoded(Picture picture, long hash) -> {
                kept.add(place);
                if (violations.isEmpty()) {
                    writer.add(picture, hash);
                }
            }
            case Outcome.Broken(String why) -> violations.add(new Violation(source.name(), why));
            case Outcome.Undecodable(String why) -> leaveOut(source, why);
            case Outcome.Large _ -> throw new IllegalStateException("decoded by the caller");
        }
    }

    private void leaveOut(ImageSource source, String why) {
        if (!options.skipsUndecodable()) {
            violations.add(new Violation(source.name(), why));
            return;
        }
        undecodableCount++;
        if (undecodable.size() < UNDECODABLE_KEPT) {
            undecodable.add(new ImageReport.Undecodable(source.name(), why));
        }
    }
}
