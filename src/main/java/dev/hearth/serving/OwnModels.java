package dev.hearth.serving;

import dev.hearth.model.ModelFile;
import dev.hearth.model.ModelVersion;
import dev.hearth.storage.BlobStore;
import dev.hearth.torchscript.LibTorch;
import dev.hearth.torchscript.ServingProgram;
import java.io.IOException;
import java.io.InputStream;
import org.springframework.stereotype.Component;

/** Loads versions for one caller each, on the device that requests are answered on. */
@Component
public class OwnModels {

    private final BlobStore blobs;
    private final ServingSettings settings;

    OwnModels(BlobStore blobs, ServingSettings settings) {
        this.blobs = blobs;
        this.settings = settings;
    }

    /**
     * Loads a version; whoever opens closes.
     *
     * @throws dev.hearth.problem.UnavailableException where the store does not answer
     */
    public OwnModel open(ModelVersion version) throws IOException {
        try (InputStream archive = blobs.open(version.file(ModelFile.TORCHSCRIPT).blob().hash())) {
            return new OwnModel(
                    version.target(),
                    ServingProgram.load(
                            archive.readAllBytes(), LibTorch.chooseDevice(settings.device())));
        }
    }
}
