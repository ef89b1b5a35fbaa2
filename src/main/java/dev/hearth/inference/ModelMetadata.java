package dev.hearth.inference;

import java.util.List;

/**
 * What a model is to the protocol.
 *
 * @param versions all that may be asked, as texts
 * @param platform always {@link #PLATFORM}
 */
record ModelMetadata(
        String name,
        List<String> versions,
        String platform,
        List<TensorMetadata> inputs,
        List<TensorMetadata> outputs) {

    static final String PLATFORM = "pytorch_torchscript";

    ModelMetadata {
        versions = List.copyOf(versions);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }
}
