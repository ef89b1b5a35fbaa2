package dev.hearth.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.hearth.python.PythonModel;
import dev.hearth.spec.BlockInput;
import dev.hearth.spec.Encoding;
import dev.hearth.spec.InputForm;
import dev.hearth.spec.LossSpec;
import dev.hearth.spec.ModelPlan;
import dev.hearth.storage.BlobSink;
import dev.hearth.torchscript.ModelCompiler;
import dev.hearth.torchscript.StateDict;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** What a version's files are made of, wherever its weights came from. */
public record ModelFiles(
        ModelPlan plan, InputForm input, LossSpec loss, Target target, StateDict state) {

    /**
     * Stores the model in the formats that PyTorch reads.
     *
     * @param lineage to be named in the Python file
     */
    public List<ModelFile> store(BlobSink blobs, Lineage lineage) throws IOException {
        return List.of(
                new ModelFile(ModelFile.STATE_DICT, blobs.put(state::writePt)),
                new ModelFile(ModelFile.SAFETENSORS, blobs.put(state::writeSafetensors)),
                new ModelFile(
                        ModelFile.TORCHSCRIPT,
                        blobs.put(out -> new ModelCompiler(plan, input, loss).compile(state, out))),
                new ModelFile(
                        ModelFile.PYTHON,
                        blobs.put(out -> out.write(python(lineage).getBytes(UTF_8)))));
    }

    private String python(Lineage lineage) {
        return new PythonModel(plan, input, loss, target.python())
                .source(
                        Stream.of(
                                        origin(lineage),
                                        List.of(
                                                "",
                                                usage(),
                                                "",
                                                "reads state_dict.pt beside it and prints a"
                                                        + " prediction for each row."))
                                .flatMap(List::stream)
                                .toList());
    }

    private String usage() {
        return switch (input) {
            case Encoding _ -> "python model.py rows.csv";
            case BlockInput block ->
                    switch (block.kind()) {
                        case IMAGE -> "python model.py image.png another.png";
                        case TENSOR -> "python model.py rows.json";
                    };
        };
    }

    /** In words that no user has chosen: Python reads the first lines of a file itself. */
    private static List<String> origin(Lineage lineage) {
        return switch (lineage) {
            case Lineage.Trained trained ->
                    List.of(
                            "The model that run " + trained.runId(),
                            "made of data set " + trained.datasetId(),
                            "(SHA-256 " + trained.datasetSha256() + ").");
            case Lineage.Imported imported ->
                    List.of(
                            "A model whose weights were imported from a file",
                            "(SHA-256 " + imported.fileSha256() + ").");
        };
    }
}
