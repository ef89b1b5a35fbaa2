package dev.hearth.spec;

import java.util.List;
import java.util.OptionalInt;

/**
 * What a caller asks to have imported.
 *
 * @param name of the model whose next version the import makes
 * @param stripPrefix what the names in the file begin with and the model's do not; mostly empty
 */
public record ImportRequest(String name, String stripPrefix, Source source) {

    /** Where the specification is from. */
    public sealed interface Source {}

    /**
     * An existing version has it.
     *
     * @param version empty for the latest
     */
    public record Like(String name, OptionalInt version) implements Source {}

    /** The request gives all of it. */
    public record Own(ServedModel model, Encoding encoding, Target target) implements Source {}

    /**
     * A model and the loss that says how its output is read.
     *
     * @param warnings what is likely a mistake, in sentences
     */
    public record ServedModel(ModelPlan plan, LossSpec loss, List<String> warnings) {
        public ServedModel {
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * What the model predicts.
     *
     * @param kind how a class is written in JSON
     * @param classes in the order of the model's outputs; empty where it predicts a number
     */
    public record Target(String column, TargetColumn.Kind kind, List<String> classes) {

        public Target {
            classes = List.copyOf(classes);
        }

        /** As the check of the loss wants it. */
        TargetColumn described() {
            return new TargetColumn(
                    column,
                    kind,
                    classes.isEmpty() ? OptionalInt.empty() : OptionalInt.of(classes.size()),
                    classes);
        }
    }
}
