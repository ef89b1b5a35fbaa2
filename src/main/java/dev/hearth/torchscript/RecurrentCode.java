package dev.hearth.torchscript;

import static dev.hearth.torchscript.ConvolutionCode.literal;

import dev.hearth.spec.Recurrent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Compiles recurrent layers. libtorch's operators run the whole stack, but take no generator for
 * the dropout between its layers; where there is one, each layer is a call of its own.
 */
record RecurrentCode(Recurrent recurrent, NoiseCode noise) {

    List<String> forward() {
        var lines = new ArrayList<String>();
        boolean apart = recurrent.dropout() > 0 && recurrent.numLayers() > 1;
        lines.add(
                "h = torch.zeros([%d, torch.size(x, 0), %d], dtype=6, layout=None,"
                                .formatted(
                                        recurrent.directions()
                                                * (apart ? 1 : recurrent.numLayers()),
                                        recurrent.hiddenSize())
                        + " device=ops.prim.device(x))");
        if (apart) {
            // As within the operator: steps come first, and the noise is drawn for that layout.
            lines.add("y = torch.transpose(x, 0, 1)");
            for (int layer = 0; layer < recurrent.numLayers(); layer++) {
                lines.add(call("y", layer, 1, false));
                if (layer + 1 < recurrent.numLayers()) {
                    lines.addAll(noise.dropout("y", "y", recurrent.dropout()));
                }
            }
            lines.add("y = torch.transpose(y, 0, 1)");
        } else {
            lines.add(call("x", 0, recurrent.numLayers(), true));
        }
        lines.add("return " + output());
        return lines;
    }

    private String call(String input, int first, int count, boolean batchFirst) {
        boolean isLstm = recurrent.cell() == Recurrent.Cell.LSTM;
        return "%s = torch.%s(%s, %s, %s, %s, %d, 0., self.training, %s, %s)"
                .formatted(
                        isLstm ? "y, last, _" : "y, last",
                        switch (recurrent.cell()) {
                            case RNN_TANH -> "rnn_tanh";
                            case RNN_RELU -> "rnn_relu";
                            case LSTM -> "lstm";
                            case GRU -> "gru";
                        },
                        input,
                        isLstm ? "[h, h]" : "h",
                        weights(first, count),
                        literal(recurrent.bias()),
                        count,
                        literal(recurrent.bidirectional()),
                        literal(batchFirst));
    }

    private List<String> weights(int first, int count) {
        return IntStream.range(first, first + count)
                .boxed()
                .flatMap(layer ->
                        IntStream.range(0, recurrent.directions())
                                .mapToObj(d -> "_l" + layer + (d == 1 ? "_reverse" : "")))
                .flatMap(suffix ->
                        (recurrent.bias()
                                        ? List.of("weight_ih", "weight_hh", "bias_ih", "bias_hh")
                                        : List.of("weight_ih", "weight_hh"))
                                .stream().map(name -> "self." + name + suffix))
                .toList();
    }

    private String output() {
        return switch (recurrent.output()) {
            case SEQUENCE -> "y";
            case LAST -> "torch.select(y, 1, -1)";
            case HIDDEN ->
                    recurrent.bidirectional()
                            ? "torch.cat([torch.select(last, 0, -2), torch.select(last, 0, -1)], 1)"
                            : "torch.select(last, 0, -1)";
        };
    }
}
