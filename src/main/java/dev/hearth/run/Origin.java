package dev.hearth.run;

import dev.hearth.dataset.Dataset;
import dev.hearth.storage.Sha256;
import dev.hearth.torchscript.LibTorch;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a checkpoint was made of and by what, as texts in its file. */
final class Origin {

    /** Of the request and the data: a checkpoint continues nothing else. */
    static final String FINGERPRINT = "fingerprint";

    /** How many epochs the run had. */
    static final String EPOCHS = "epochs";

    private Origin() {}

    static Map<String, String> of(Run run, Dataset dataset, String device) {
        return Map.of(
                "run",
                run.id().toString(),
                FINGERPRINT,
                fingerprint(run, dataset),
                EPOCHS,
                String.valueOf(run.progress().epochs()),
                "libtorch",
                LibTorch.version(),
                "device",
                device);
    }

    /** Without the number of epochs, since a run can be continued for more. */
    static String fingerprint(Run run, Dataset dataset) {
        var request = (ObjectNode) JsonMapper.shared().readTree(run.request());
        request.remove(EPOCHS);
        var digest = Sha256.newDigest();
        digest.update(request.toString().getBytes(StandardCharsets.UTF_8));
        digest.update(dataset.sha256().hex().getBytes(StandardCharsets.UTF_8));
        return Sha256.of(digest).hex();
    }
}
