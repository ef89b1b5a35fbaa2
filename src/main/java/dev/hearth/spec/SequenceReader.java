package dev.hearth.spec;

import dev.hearth.spec.Recurrent.Cell;
import dev.hearth.spec.Values.Range;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads recurrent layers and attention. */
final class SequenceReader {

    private static final List<String> RECURRENT =
            List.of(
                    "input_size",
                    "hidden_size",
                    "num_layers",
                    "bias",
                    "dropout",
                    "bidirectional",
                    "output");
    private static final List<String> RNN =
            List.of(
                    "input_size",
                    "hidden_size",
                    "num_layers",
                    "nonlinearity",
                    "bias",
                    "dropout",
                    "bidirectional",
                    "output");

    /** Deeper stacks are written as several layers. */
    private static final int MAX_STACK = 64;

    private static final Map<String, Recurrent.Output> OUTPUTS = outputs();

    private SequenceReader() {}

    private static Map<String, Recurrent.Output> outputs() {
        var outputs = new LinkedHashMap<String, Recurrent.Output>();
        for (Recurrent.Output output : Recurrent.Output.values()) {
            outputs.put(output.word, output);
        }
        return outputs;
    }

    static Map<String, LayerKind> kinds() {
        var kinds = new LinkedHashMap<String, LayerKind>();
        kinds.put("RNN", LayerKind.leaf(RNN, f -> recurrent(f, rnn(f))));
        kinds.put("LSTM", LayerKind.leaf(RECURRENT, f -> recurrent(f, Cell.LSTM)));
        kinds.put("GRU", LayerKind.leaf(RECURRENT, f -> recurrent(f, Cell.GRU)));
        kinds.put(
                "MultiheadAttention",
                LayerKind.leaf(
                        List.of("embed_dim", "num_heads", "dropout", "bias"),
                        SequenceReader::attention));
        kinds.put(
                "TransformerEncoderLayer",
                LayerKind.leaf(
                        List.of(
                                "d_model",
                                "nhead",
                                "dim_feedforward",
                                "dropout",
                                "activation",
                                "layer_norm_eps",
                                "norm_first",
                                "bias"),
                        SequenceReader::encoder));
        return kinds;
    }

    private static Cell rnn(Fields fields) {
        var cells = new LinkedHashMap<String, Cell>();
        cells.put("tanh", Cell.RNN_TANH);
        cells.put("relu", Cell.RNN_RELU);
        return LayerKind.word(fields, "nonlinearity", cells, Cell.RNN_TANH);
    }

    private static LayerSpec recurrent(Fields fields, Cell cell) {
        return new Recurrent(
                cell,
                LayerKind.inferred(fields, "input_size"),
                LayerKind.required(fields, "hidden_size", "write how many numbers the state has"),
                (int) fields.integer("num_layers", 1, MAX_STACK).orElse(1),
                fields.bool("bias", true),
                fields.number("dropout", Range.FRACTION, 0),
                fields.bool("bidirectional", false),
                LayerKind.word(fields, "output", OUTPUTS, Recurrent.Output.SEQUENCE));
    }

    private static LayerSpec attention(Fields fields) {
        return new Attention.MultiheadAttention(
                LayerKind.inferred(fields, "embed_dim"),
                LayerKind.required(fields, "num_heads", "write a divisor of embed_dim"),
                fields.number("dropout", Range.FRACTION, 0),
                fields.bool("bias", true));
    }

    private static LayerSpec encoder(Fields fields) {
        return new Attention.TransformerEncoderLayer(
                LayerKind.inferred(fields, "d_model"),
                LayerKind.required(fields, "nhead", "write a divisor of d_model"),
                LayerKind.integer(fields, "dim_feedforward", 1, 2048),
                fields.number("dropout", Range.FRACTION, 0.1),
                LayerKind.word(fields, "activation", Map.of("relu", false, "gelu", true), false),
                fields.number("layer_norm_eps", Range.NOT_NEGATIVE, 1e-5),
                fields.bool("norm_first", false),
                fields.bool("bias", true));
    }
}
