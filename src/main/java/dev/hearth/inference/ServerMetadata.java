package dev.hearth.inference;

import java.util.List;

/**
 * What this server is to the protocol.
 *
 * @param extensions of Triton's, those that are understood
 */
record ServerMetadata(String name, String version, List<String> extensions) {

    private static final List<String> EXTENSIONS =
            List.of("binary_tensor_data", "classification", "model_repository", "schedule_policy");

    ServerMetadata {
        extensions = List.copyOf(extensions);
    }

    static ServerMetadata of(String version) {
        return new ServerMetadata("hearth", version, EXTENSIONS);
    }
}
