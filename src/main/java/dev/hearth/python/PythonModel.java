package dev.hearth.python;

import dev.hearth.python.PythonFile.Import;
import dev.hearth.spec.Encoding;
import dev.hearth.spec.LossSpec;
import dev.hearth.spec.ModelPlan;
import java.util.List;

/**
 * {@code model.py}: a trained model as a plain {@code nn.Module} that loads its {@code
 * state_dict.pt} and predicts a CSV file.
 *
 * @param encoding as learned
 */
public record PythonModel(ModelPlan plan, Encoding encoding, LossSpec loss, PythonTarget target) {

    /**
     * @param origin where the model comes from, in words that no user has chosen
     */
    public String source(List<String> origin) {
        var file = new PythonFile(origin);
        file.require(Import.CSV, Import.SYS);
        LearnedColumns.define(Columns.of(encoding), file);
        if (loss.task().hasClasses()) {
            file.constant("CLASSES", target.classList());
        }
        String model = new LayerCode(file).define(plan);
        file.define("predict", predict());
        file.define("main", main(model));
        return file.text(
                """
                if __name__ == "__main__":
                    main(sys.argv[1])
                """);
    }

    private String predict() {
        String what =
                switch (loss.task()) {
                    case REGRESSION -> "Values [N]";
                    case BINARY_CLASSIFICATION -> "Probabilities [N] of the second class";
                    case CLASSIFICATION -> "Probabilities [N, %d]".formatted(classes());
                };
        return """
        def predict(model, rows):
            \"""%s for rows, which are dictionaries by column name.\"""
            x = torch.tensor([encode(row) for row in rows])
            with torch.no_grad():
                return model(x)%s
        """
                .formatted(what, LossCode.activation(loss) + selection());
    }

    private int classes() {
        return target.classes().size();
    }

    private String selection() {
        return switch (loss.task()) {
            case REGRESSION, BINARY_CLASSIFICATION -> ".squeeze(1)";
            case CLASSIFICATION ->
                    plan.output().last() > classes() ? "[:, :%d]".formatted(classes()) : "";
        };
    }

    private String main(String model) {
        String print =
                switch (loss.task()) {
                    case REGRESSION ->
                            """
                            for value in predict(model, rows).tolist():
                                print(value)
                            """;
                    case BINARY_CLASSIFICATION ->
                            """
                            for probability in predict(model, rows).tolist():
                                print(CLASSES[probability > 0.5], probability)
                            """;
                    case CLASSIFICATION ->
                            """
                            for probabilities in predict(model, rows):
                                print(CLASSES[probabilities.argmax()], probabilities.tolist())
                            """;
                };
        return """
        def main(path):
            \"""Prints a prediction for each row of a CSV file.\"""
            model = %s
            model.load_state_dict(torch.load("state_dict.pt"))
            model.eval()
        """
                        .formatted(model)
                + new CsvForm(',', true).statements("path").indent(4)
                + print.indent(4);
    }
}
