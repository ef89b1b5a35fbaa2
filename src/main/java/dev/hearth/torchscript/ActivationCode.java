package dev.hearth.torchscript;

import dev.hearth.spec.Activation;

/** Compiles activations. */
final class ActivationCode {

    private ActivationCode() {}

    /** An expression over {@code x}. */
    static String expression(Activation activation) {
        return switch (activation) {
            case Activation.ReLU _ -> "torch.relu(x)";
            // torch.nn.functional.relu6 is a hardtanh, too.
            case Activation.ReLU6 _ -> "torch.hardtanh(x, 0., 6.)";
            case Activation.LeakyReLU(double slope) -> "torch.leaky_relu(x, " + slope + ")";
            case Activation.PReLU _ -> "torch.prelu(x, self.weight)";
            case Activation.ELU(double alpha) -> "torch.elu(x, " + alpha + ")";
            case Activation.SELU _ -> "torch.selu(x)";
            case Activation.CELU(double alpha) -> "torch.celu(x, " + alpha + ")";
            case Activation.GELU(boolean tanh) ->
                    "torch.gelu(x, approximate=\"" + (tanh ? "tanh" : "none") + "\")";
            case Activation.SiLU _ -> "torch.silu(x)";
            case Activation.Mish _ -> "torch.mish(x)";
            case Activation.Sigmoid _ -> "torch.sigmoid(x)";
            case Activation.Tanh _ -> "torch.tanh(x)";
            case Activation.Hardtanh(double min, double max) ->
                    "torch.hardtanh(x, %s, %s)".formatted(min, max);
            case Activation.Hardswish _ -> "torch.hardswish(x)";
            case Activation.Softplus(double beta, double threshold) ->
                    "torch.softplus(x, %s, %s)".formatted(beta, threshold);
            case Activation.Softsign _ -> "torch.div(x, torch.add(torch.abs(x), 1))";
            case Activation.LogSigmoid _ -> "torch.log_sigmoid(x)";
            case Activation.Softmax(int dim) -> "torch.softmax(x, " + dim + ")";
            case Activation.LogSoftmax(int dim) -> "torch.log_softmax(x, " + dim + ")";
        };
    }
}
