package dev.hearth.serving;

import dev.hearth.model.ModelFile;
import dev.hearth.model.ModelVersion;
import dev.hearth.storage.BlobStore;
import dev.hearth.torchscript.LibTorch;
import dev.hearth.torchscript.ServingProgram;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Brings a version into memory and warms it up. */
@Component
class ModelLoader implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ModelLoader.class);

    private final BlobStore blobs;
    private final ServingSettings settings;
    private final ServingMeters meters;
    private final Timer duration;

    /** A native call would hold a virtual thread's carrier, and with it other requests. */
    private final ExecutorService threads =
            Executors.newFixedThreadPool(
                    2, Thread.ofPlatform().name("load-", 0).daemon().factory());

    ModelLoader(
            BlobStore blobs,
            ServingSettings settings,
            ServingMeters meters,
            MeterRegistry registry) {
        this.blobs = blobs;
        this.settings = settings;
        this.meters = meters;
        this.duration =
                Timer.builder("hearth.serving.load.duration")
                        .description("From the store into memory, warm-up included")
                        .register(registry);
    }

    /**
     * Loads and warms up.
     *
     * @throws dev.hearth.problem.ProblemException STORAGE_UNAVAILABLE where its files cannot be
     *     had, MODEL_NOT_READY where it fails its warm-up
     */
    ServedModel load(ModelVersion version) {
        try {
            return threads.submit(() -> duration.recordCallable(() -> loadNow(version))).get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case IOException failure -> throw new UncheckedIOException(failure);
                case null, default -> throw new IllegalStateException(e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a model was loaded", e);
        }
    }

    private ServedModel loadNow(ModelVersion version) throws IOException {
        try (InputStream archive = blobs.open(version.file(ModelFile.TORCHSCRIPT).blob().hash())) {
            var program =
                    ServingProgram.load(
                            archive.readAllBytes(), LibTorch.chooseDevice(settings.device()));
            var model = new ServedModel(version, program, settings.batchOf(version.name()), meters);
            try {
                model.warmUp();
            } catch (RuntimeException e) {
                model.close();
                throw e;
            }
            log.debug("loaded version {} of model {}", version.number(), version.name());
            return model;
        }
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
