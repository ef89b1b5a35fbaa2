package dev.hearth.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What an optimiser keeps of each parameter between steps, by PyTorch's names. */
public final class OptimizerState {

    private OptimizerState() {}

    /**
     * The tensors of a parameter's own shape.
     *
     * @param cyclesMomentum whether a schedule gives it a momentum, whatever its own is
     */
    public static List<String> tensors(OptimizerSpec optimizer, boolean cyclesMomentum) {
        return switch (optimizer) {
            case OptimizerSpec.SGD sgd ->
                    sgd.momentum() != 0 || cyclesMomentum ? List.of("momentum_buffer") : List.of();
            case OptimizerSpec.Adam adam -> adam(adam.amsgrad());
            case OptimizerSpec.AdamW adamw -> adam(adamw.amsgrad());
            case OptimizerSpec.NAdam _, OptimizerSpec.RAdam _ -> List.of("exp_avg", "exp_avg_sq");
            case OptimizerSpec.RMSprop rmsprop -> {
                var names = new ArrayList<String>();
                names.add("square_avg");
                if (rmsprop.momentum() > 0 || cyclesMomentum) {
                    names.add("momentum_buffer");
                }
                if (rmsprop.centered()) {
                    names.add("grad_avg");
                }
                yield List.copyOf(names);
            }
            case OptimizerSpec.Adagrad _ -> List.of("sum");
            case OptimizerSpec.Adadelta _ -> List.of("square_avg", "acc_delta");
            case OptimizerSpec.Adamax _ -> List.of("exp_avg", "exp_inf");
        };
    }

    private static List<String> adam(boolean amsgrad) {
        return amsgrad
                ? List.of("exp_avg", "exp_avg_sq", "max_exp_avg_sq")
                : List.of("exp_avg", "exp_avg_sq");
    }

    /** How many tensors of a parameter's shape are kept at most for one parameter. */
    static int copies(OptimizationSpec spec) {
        boolean cycles = spec.scheduler().filter(s -> s.scheduler().cyclesMomentum()).isPresent();
        int state =
                Stream.concat(
                                Stream.of(spec.optimizer()),
                                spec.groups().stream().map(ParameterGroup::optimizer))
                        .mapToInt(optimizer -> tensors(optimizer, cycles).size())
                        .max()
                        .orElse(0);
        int accumulated = spec.gradients().accumulate() > 1 ? 1 : 0;
        int averaged = spec.ema().isPresent() ? 1 : 0;
        return state + accumulated + averaged;
    }
}
