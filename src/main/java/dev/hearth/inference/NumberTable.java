package dev.hearth.inference;

import dev.hearth.model.ModelVersion;
import dev.hearth.serving.Rows;
import dev.hearth.serving.TableRows;
import dev.hearth.spec.Encoding;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/**
 * A table of numbers alone: one tensor {@code [rows, columns]} of raw values, in the order of the
 * model's columns. FP64 is taken, too, and keeps all its digits.
 */
record NumberTable(ModelVersion version, Encoding encoding) implements ModelInput {

    private static final String NAME = "input";

    @Override
    public List<Input> inputs() {
        return List.of(
                new Input(
                        TensorMetadata.of(
                                NAME,
                                Datatype.FP32,
                                TensorMetadata.FREE,
                                (long) encoding.features().size()),
                        EnumSet.of(Datatype.FP32, Datatype.FP64)));
    }

    @Override
    @SuppressWarnings("NullAway") // it is there
    public Rows rows(Map<String, Tensor> tensors, int rows) {
        Tensor tensor = tensors.get(NAME);
        int columns = encoding.features().size();
        var table = new TableRows(version, encoding, rows);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                table.number(row, column, tensor.number(row * columns + column));
            }
        }
        return table.rows();
    }
}
