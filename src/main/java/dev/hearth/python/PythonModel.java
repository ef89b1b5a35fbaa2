package dev.hearth.python;

import dev.hearth.python.PythonFile.Import;
import dev.hearth.spec.BlockInput;
import dev.hearth.spec.Encoding;
import dev.hearth.spec.InputForm;
import dev.hearth.spec.LossSpec;
import dev.hearth.spec.ModelPlan;
import java.util.List;

/**
 * {@code model.py}: a trained model as a plain {@code nn.Module} that loads its {@code
 * state_dict.pt} and predicts a CSV file, images, or a JSON file of tensors.
 *
 * @param input as learned
 */
public record PythonModel(ModelPlan plan, InputForm input, LossSpec loss, PythonTarget target) {

    /**
     * @param origin where the model comes from, in words that no user has chosen
     */
    public String source(List<String> origin) {
        var file = new PythonFile(origin);
        file.require(Import.SYS);
        switch (input) {
            case Encoding encoding -> {
                file.require(Import.CSV);
                LearnedColumns.define(encoding, file);
            }
            case BlockInput block -> BlockCells.define(block, file);
        }
        if (task().hasClasses()) {
            file.constant("CLASSES", target.classList());
        } else if (!target.isOne()) {
            target.define(file);
        }
        String model = new LayerCode(file).define(plan);
        file.define("predict", predict(file));
        file.define("main", main(model, threshold(), file));
        return file.text(
                """
                if __name__ == "__main__":
                    main(%s)
                """
                        .formatted(isTable() ? "sys.argv[1]" : "sys.argv[1:]"));
    }

    private boolean isTable() {
        return input instanceof Encoding;
    }

    private LossSpec.Task task() {
        return loss.task(target.columns().size());
    }

    private String predict(PythonFile file) {
        String what =
                switch (task()) {
                    case REGRESSION ->
                            target.isOne() ? "Values [N]" : "Values [N, %d]".formatted(width());
                    case DISTRIBUTION -> "Parts [N, %d]".formatted(width());
                    case MULTI_LABEL -> "Probabilities [N, %d] of yes".formatted(width());
                    case BINARY_CLASSIFICATION -> "Probabilities [N] of the second class";
                    case CLASSIFICATION -> "Probabilities [N, %d]".formatted(classes());
                    case SIMILARITY ->
                            loss instanceof LossSpec.HingeEmbeddingLoss
                                    ? "Distances [N]"
                                    : "Cosines [N]";
                };
        String output = "model(x)" + LossCode.activation(loss) + selection();
        if (loss instanceof LossSpec.CosineEmbeddingLoss) {
            file.require(Import.FUNCTIONAL);
            output = "F.cosine_similarity(*model(x).unbind(1))";
        }
        return """
        def predict(model, rows):
            \"""%s for rows, which are %s.\"""
            x = torch.%s([encode(row) for row in rows])
            with torch.no_grad():
                return %s
        """
                .formatted(what, described(), isTable() ? "tensor" : "stack", output);
    }

    private String described() {
        return switch (input) {
            case Encoding _ -> "dictionaries by column name";
            case BlockInput block ->
                    block.kind() == BlockInput.Kind.IMAGE ? "files of images" : "nested lists";
        };
    }

    private int width() {
        return target.columns().size();
    }

    private int classes() {
        return target.classes().size();
    }

    private String selection() {
        return switch (task()) {
            case REGRESSION, BINARY_CLASSIFICATION, SIMILARITY ->
                    target.isOne() ? ".squeeze(1)" : "";
            case DISTRIBUTION, MULTI_LABEL -> "";
            case CLASSIFICATION ->
                    plan.output().last() > classes() ? "[:, :%d]".formatted(classes()) : "";
        };
    }

    /** What says that a distance, or a cosine, is that of the second class. */
    private String threshold() {
        return switch (loss) {
            case LossSpec.HingeEmbeddingLoss hinge -> "< " + Literal.of(hinge.threshold());
            case LossSpec.CosineEmbeddingLoss cosine -> "> " + Literal.of(cosine.threshold());
            case LossSpec.MSELoss _,
                    LossSpec.L1Loss _,
                    LossSpec.SmoothL1Loss _,
                    LossSpec.HuberLoss _,
                    LossSpec.PoissonNLLLoss _,
                    LossSpec.KLDivLoss _,
                    LossSpec.BCELoss _,
                    LossSpec.BCEWithLogitsLoss _,
                    LossSpec.MultiLabelSoftMarginLoss _,
                    LossSpec.CrossEntropyLoss _,
                    LossSpec.NLLLoss _ ->
                    "> 0.5";
        };
    }

    private String main(String model, String threshold, PythonFile file) {
        String print =
                switch (task()) {
                    case REGRESSION ->
                            target.isOne()
                                    ? """
                                    for value in predict(model, rows).tolist():
                                        print(value)
                                    """
                                    : BY_COLUMN;
                    case DISTRIBUTION, MULTI_LABEL -> BY_COLUMN;
                    case BINARY_CLASSIFICATION ->
                            """
                            for probability in predict(model, rows).tolist():
                                print(CLASSES[probability > 0.5], probability)
                            """;
                    case SIMILARITY ->
                            """
                            for value in predict(model, rows).tolist():
                                print(CLASSES[value %s], value)
                            """
                                    .formatted(threshold);
                    case CLASSIFICATION ->
                            """
                            for probabilities in predict(model, rows):
                                print(CLASSES[probabilities.argmax()], probabilities.tolist())
                            """;
                };
        String read =
                switch (input) {
                    case Encoding _ -> DataSource.PLAIN_CSV;
                    case BlockInput block -> BlockCells.statements(block, file);
                };
        return """
        def main(%s):
            \"""Prints a prediction for each %s.\"""
            model = %s
            model.load_state_dict(torch.load("state_dict.pt"))
            model.eval()
        """
                        .formatted(
                                isTable() ? "path" : "arguments",
                                isTable() ? "row of a CSV file" : "image or tensor",
                                model)
                + read.indent(4)
                + print.indent(4);
    }

    private static final String BY_COLUMN =
            """
            for values in predict(model, rows).tolist():
                print(dict(zip(TARGETS, values)))
            """;
}
