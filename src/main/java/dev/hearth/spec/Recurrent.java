package dev.hearth.spec;

import java.util.OptionalLong;

/**
 * {@code RNN}, {@code LSTM} and {@code GRU}, always with the batch first and from a state of zeros.
 * Input {@code [N, steps, input_size]}, output as {@code output} says, with twice the extent if
 * bidirectional.
 *
 * @param dropout between the layers of the stack, in training
 */
public record Recurrent(
        Cell cell,
        OptionalLong inputSize,
        long hiddenSize,
        int numLayers,
        boolean bias,
        double dropout,
        boolean bidirectional,
        Output output)
        implements LayerSpec {

    public Recurrent {
        LayerSpec.require(hiddenSize >= 1, "hidden_size must be at least 1");
        LayerSpec.require(numLayers >= 1, "num_layers must be at least 1");
        LayerSpec.require(dropout >= 0 && dropout < 1, "dropout must be at least 0 and below 1");
    }

    /** What is done at each step. */
    public enum Cell {
        RNN_TANH("RNN", 1),
        RNN_RELU("RNN", 1),
        LSTM("LSTM", 4),
        GRU("GRU", 3);

        final String type;

        /** How many blocks of {@code hidden_size} rows its weights have. */
        public final int gates;

        Cell(String type, int gates) {
            this.type = type;
            this.gates = gates;
        }
    }

    /** What goes on to the next layer. */
    public enum Output {
        /** The output of every step: {@code [N, steps, hidden_size]}. */
        SEQUENCE("sequence"),
        /** The output of the last step: {@code [N, hidden_size]}. */
        LAST("last"),
        /**
         * The last layer's final state: {@code [N, hidden_size]}. The backward direction's is that
         * after the first step.
         */
        HIDDEN("hidden");

        final String word;

        Output(String word) {
            this.word = word;
        }
    }

    @Override
    public String type() {
        return cell.type;
    }

    public int directions() {
        return bidirectional ? 2 : 1;
    }
}
