package dev.hearth.run;

import dev.hearth.dataset.Column;
import dev.hearth.dataset.ColumnType;
import dev.hearth.dataset.Table;
import dev.hearth.spec.BlockInput;
import dev.hearth.spec.InputForm;
import dev.hearth.spec.TrainingSpec;
import dev.hearth.spec.TransformSpec;
import dev.hearth.spec.Transforms;
import java.util.List;

/** What the chosen columns become as a model's input. */
final class ModelInput {

    private ModelInput() {}

    /** The input's form, before anything is learned of the data: what a check needs. */
    static InputForm unfitted(ChosenColumns columns, TrainingSpec spec) {
        return columns.block()
                .<InputForm>map(column -> block(column, spec.transforms()))
                .orElseGet(() -> EncodingFit.unfitted(columns.features(), spec.preprocessing()));
    }

    /**
     * @param rows the training rows, from which alone is learned
     */
    static InputForm fit(ChosenColumns columns, TrainingSpec spec, Table table, long[] rows) {
        return columns.block()
                .<InputForm>map(column -> block(column, spec.transforms()))
                .orElseGet(() ->
                        EncodingFit.fit(columns.features(), spec.preprocessing(), table, rows));
    }

    /** What is done to images in training; empty where the input is none. */
    static List<TransformSpec> training(InputForm input, TrainingSpec spec) {
        return input instanceof BlockInput block && block.kind() == BlockInput.Kind.IMAGE
                ? Transforms.toFloats(spec.transforms().train(), false)
                : List.of();
    }

    private static BlockInput block(Column column, Transforms transforms) {
        var block = column.block().orElseThrow();
        return new BlockInput(
                column.name(),
                BlockInput.Kind.valueOf(column.type().name()),
                block.dtype(),
                block.shape(),
                column.type() == ColumnType.IMAGE
                        ? Transforms.toFloats(transforms.eval(), false)
                        : List.of());
    }
}
