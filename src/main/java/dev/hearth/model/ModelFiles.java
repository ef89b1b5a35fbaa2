package dev.hearth.model;

import dev.hearth.spec.Encoding;
import dev.hearth.spec.LossSpec;
import dev.hearth.spec.ModelPlan;
import dev.hearth.storage.BlobStore;
import dev.hearth.torchscript.ModelCompiler;
import dev.hearth.torchscript.StateDict;
import java.io.IOException;
import java.util.List;

/** What a version's files are made of, wherever its weights came from. */
public record ModelFiles(ModelPlan plan, Encoding encoding, LossSpec loss, StateDict state) {

    /** Stores the model in the formats that PyTorch reads. */
    public List<ModelFile> store(BlobStore blobs) throws IOException {
        return List.of(
                new ModelFile(ModelFile.STATE_DICT, blobs.put(state::writePt)),
                new ModelFile(ModelFile.SAFETENSORS, blobs.put(state::writeSafetensors)),
                new ModelFile(
                        ModelFile.TORCHSCRIPT,
                        blobs.put(out ->
                                new ModelCompiler(plan, encoding, loss).compile(state, out))));
    }
}
