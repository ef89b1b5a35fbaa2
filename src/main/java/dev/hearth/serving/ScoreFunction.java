package dev.hearth.serving;

import dev.hearth.torchscript.FloatRows;
import dev.hearth.torchscript.ScoreProgram;
import java.util.function.Function;

/**
 * A model as a function of its input, computed in pieces: each waits for a turn of its own, so that
 * predictions are answered in between.
 *
 * @param turns where a piece waits, and is computed
 * @param likeness whether the output is two vectors, whose likeness is the number
 */
record ScoreFunction(Turns turns, boolean likeness) {

    private static final int MOST_ROWS = 256;
    private static final int MOST_VALUES = 1_000_000;

    /** Computes pieces of work, one after the other. */
    @FunctionalInterface
    interface Turns {
        FloatRows ask(int rows, Function<ScoreProgram, FloatRows> piece);
    }

    /** Told for one input after the other. */
    @FunctionalInterface
    interface Outputs {
        /**
         * @param index of the input
         */
        void accept(int index, float output);
    }

    /** Told for one input after the other. */
    @FunctionalInterface
    interface Slopes {
        /**
         * @param index of the input
         * @param gradients of all
         * @param row where among them those of this input are
         */
        void accept(int index, FloatRows gradients, int row);
    }

    /** Inputs that are made when they are needed, since all of them would be too many at once. */
    interface Inputs {
        int count();

        /** Writes one from {@code first} on. */
        void write(int index, float[] values, int first);

        /** Which of its outputs is meant. */
        int output(int index);
    }

    /** What the layers get. */
    FloatRows prepare(Rows rows) {
        return turns.ask(
                rows.count(),
                program ->
                        switch (rows) {
                            case Rows.OfTable(double[] raw, int count) ->
                                    program.prepare(raw, count);
                            case Rows.OfBlock block -> program.prepare(block.cells());
                        });
    }

    /**
     * The outputs of many inputs.
     *
     * @param like an input of the shape that all have
     */
    void outputs(Inputs inputs, FloatRows like, Outputs outputs) {
        inPieces(
                inputs,
                like,
                (piece, first) -> {
                    FloatRows scores =
                            turns.ask(piece.count(), program -> program.scores(piece, likeness));
                    for (int i = 0; i < piece.count(); i++) {
                        outputs.accept(first + i, scores.at(i, inputs.output(first + i)));
                    }
                });
    }

    /** The gradients of one output of each of many inputs. */
    void gradients(Inputs inputs, FloatRows like, Slopes slopes) {
        inPieces(
                inputs,
                like,
                (piece, first) -> {
                    var chosen = new int[piece.count()];
                    for (int i = 0; i < chosen.length; i++) {
                        chosen[i] = inputs.output(first + i);
                    }
                    FloatRows gradients =
                            turns.ask(
                                    piece.count(),
                                    program -> program.gradients(piece, likeness, chosen));
                    for (int i = 0; i < chosen.length; i++) {
                        slopes.accept(first + i, gradients, i);
                    }
                });
    }

    @FunctionalInterface
    private interface PieceWork {
        void accept(FloatRows piece, int first);
    }

    private static void inPieces(Inputs inputs, FloatRows like, PieceWork work) {
        int width = like.width();
        int most = Math.clamp(MOST_VALUES / width, 1, MOST_ROWS);
        for (int first = 0; first < inputs.count(); first += most) {
            int count = Math.min(most, inputs.count() - first);
            var values = new float[Math.multiplyExact(count, width)];
            for (int i = 0; i < count; i++) {
                inputs.write(first + i, values, i * width);
            }
            work.accept(new FloatRows(values, count, like.shape()), first);
        }
    }
}
