package dev.hearth.python;

import dev.hearth.python.Expression.Call;
import dev.hearth.spec.OptimizerSpec;

/** Writes an optimiser as the call that constructs it. */
final class OptimizerCode {

    private OptimizerCode() {}

    static Expression construct(OptimizerSpec optimizer) {
        Call call = Call.of("torch.optim." + optimizer.type(), "model.parameters()");
        return switch (optimizer) {
            case OptimizerSpec.SGD sgd ->
                    call.unless(1e-3, "lr", sgd.lr())
                            .unless(0.0, "momentum", sgd.momentum())
                            .unless(0.0, "dampening", sgd.dampening())
                            .unless(0.0, "weight_decay", sgd.weightDecay())
                            .unless(false, "nesterov", sgd.nesterov());
            case OptimizerSpec.Adam adam -> {
                boolean usualBetas = adam.beta1() == 0.9 && adam.beta2() == 0.999;
                Call learning = call.unless(1e-3, "lr", adam.lr());
                yield (usualBetas
                                ? learning
                                : learning.with(
                                        "betas", Expression.tuple(adam.beta1(), adam.beta2())))
                        .unless(1e-8, "eps", adam.eps())
                        .unless(0.0, "weight_decay", adam.weightDecay());
            }
        };
    }
}
