package dev.hearth.model;

import dev.hearth.storage.Blob;

/** A file of a model version. */
public record ModelFile(String name, Blob blob) {

    /** {@code torch.load} reads it. */
    public static final String STATE_DICT = "state_dict.pt";

    public static final String SAFETENSORS = "model.safetensors";

    /** {@code torch.jit.load} reads it, and predictions are served from it. */
    public static final String TORCHSCRIPT = "model.torchscript.pt";

    /** The model as a plain PyTorch module, to be read and run beside its state. */
    public static final String PYTHON = "model.py";
}
