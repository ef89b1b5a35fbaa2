package dev.hearth.serving;

import dev.hearth.model.Target;
import dev.hearth.torchscript.Cell;
import dev.hearth.torchscript.ServingProgram;
import dev.hearth.torchscript.UnfitValuesException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A version in memory for one caller, who has as many rows as there are: it is apart from those
 * that answer requests, so that nobody waits behind it. Made by {@link OwnModels}.
 */
public final class OwnModel implements AutoCloseable {

    /** What comes of a row. */
    public sealed interface Answer {}

    /** What the model says of it. */
    public record Predicted(Prediction prediction) implements Answer {}

    /**
     * The model has no answer to it.
     *
     * @param why in words
     */
    public record Refused(String why) implements Answer {}

    private final Target target;
    private final ServingProgram program;

    OwnModel(Target target, ServingProgram program) {
        this.target = target;
        this.program = program;
    }

    /**
     * Predicts rows.
     *
     * @return an answer for each row, in order
     * @throws dev.hearth.torchscript.NoMemoryException where the device has no memory for them
     */
    public List<Answer> answers(Rows rows) {
        var answers = new ArrayList<Answer>(rows.count());
        if (rows.count() > 0) {
            answer(rows, answers);
        }
        return answers;
    }

    /** One row that the program refuses makes it refuse all, so those are halved to find it. */
    private void answer(Rows rows, List<Answer> answers) {
        int count = rows.count();
        try {
            Predictions.of(target, output(rows), count)
                    .forEach(prediction -> answers.add(new Predicted(prediction)));
        } catch (UnfitValuesException e) {
            if (count == 1) {
                answers.add(new Refused(String.valueOf(e.getMessage())));
            } else {
                answer(part(rows, 0, count / 2), answers);
                answer(part(rows, count / 2, count), answers);
            }
        }
    }

    private float[] output(Rows rows) {
        return switch (rows) {
            case Rows.OfTable table -> program.predict(table.raw(), table.count());
            case Rows.OfBlock(List<Cell> cells) -> program.predict(cells);
        };
    }

    private static Rows part(Rows rows, int first, int end) {
        return switch (rows) {
            case Rows.OfTable(double[] raw, int count) -> {
                int width = raw.length / count;
                yield new Rows.OfTable(
                        Arrays.copyOfRange(raw, first * width, end * width), end - first);
            }
            case Rows.OfBlock(List<Cell> cells) -> new Rows.OfBlock(cells.subList(first, end));
        };
    }

    @Override
    public void close() {
        program.close();
    }
}
