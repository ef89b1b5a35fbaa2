package dev.hearth.python;

import dev.hearth.python.Expression.Call;
import dev.hearth.spec.Activation;
import dev.hearth.spec.Noise;

/** Writes activations and dropouts as the calls that construct them. */
final class ActivationCode {

    private ActivationCode() {}

    static Expression of(Activation activation) {
        Call plain = Call.of("nn." + activation.type());
        return switch (activation) {
            case Activation.LeakyReLU(double slope) -> plain.unless(0.01, "negative_slope", slope);
            case Activation.PReLU(long parameters, double init) ->
                    plain.unless(1L, "num_parameters", parameters).unless(0.25, "init", init);
            case Activation.ELU(double alpha) -> plain.unless(1.0, "alpha", alpha);
            case Activation.CELU(double alpha) -> plain.unless(1.0, "alpha", alpha);
            case Activation.GELU(boolean tanh) ->
                    tanh ? plain.with("approximate", Literal.of("tanh")) : plain;
            case Activation.Hardtanh(double min, double max) ->
                    plain.unless(-1.0, "min_val", min).unless(1.0, "max_val", max);
            case Activation.Softplus(double beta, double threshold) ->
                    plain.unless(1.0, "beta", beta).unless(20.0, "threshold", threshold);
            case Activation.Softmax(int dim) -> plain.with("dim", dim);
            case Activation.LogSoftmax(int dim) -> plain.with("dim", dim);
            case Activation.ReLU _,
                    Activation.ReLU6 _,
                    Activation.SELU _,
                    Activation.SiLU _,
                    Activation.Mish _,
                    Activation.Sigmoid _,
                    Activation.Tanh _,
                    Activation.Hardswish _,
                    Activation.Softsign _,
                    Activation.LogSigmoid _ ->
                    plain;
        };
    }

    static Expression of(Noise noise) {
        String type = "nn." + noise.type();
        return noise.p() == 0.5 ? Call.of(type) : Call.of(type, noise.p());
    }
}
