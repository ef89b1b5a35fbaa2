package dev.hearth.model;

import dev.hearth.storage.Blob;

/** A file of a model version. */
public record ModelFile(String name, Blob blob) {

    /** {@code torch.load} reads it. */
    public static final String STATE_DICT = "state_dict.pt";

    /** With an average of the parameters in the model, the parameters as they were trained. */
    public static final String RAW_STATE_DICT = "raw_state_dict.pt";

    /** {@code torch.load} reads it, and {@code optimizer.load_state_dict} takes it. */
    public static final String OPTIMIZER = "optimizer.pt";

    public static final String SAFETENSORS = "model.safetensors";

    /** {@code torch.jit.load} reads it, and predictions are served from it. */
    public static final String TORCHSCRIPT = "model.torchscript.pt";

    /** The model as a plain PyTorch module, to be read and run beside its state. */
    public static final String PYTHON = "model.py";
}
