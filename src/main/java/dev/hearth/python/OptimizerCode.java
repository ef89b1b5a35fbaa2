package dev.hearth.python;

import dev.hearth.python.Expression.Call;
import dev.hearth.spec.OptimizerSpec;
import java.util.List;
import java.util.Map;

/** Writes an optimiser as the call that constructs it. */
final class OptimizerCode {

    private OptimizerCode() {}

    static Expression construct(OptimizerSpec optimizer) {
        Call call = Call.of("torch.optim." + optimizer.type(), "model.parameters()");
        Map<String, Object> usual = optimizer.defaults().arguments();
        for (Map.Entry<String, Object> argument : optimizer.arguments().entrySet()) {
            if (!argument.getValue().equals(usual.get(argument.getKey()))) {
                call = call.with(argument.getKey(), written(argument.getValue()));
            }
        }
        return call;
    }

    private static Object written(Object value) {
        return value instanceof List<?> betas
                ? Expression.tuple((Double) betas.getFirst(), (Double) betas.getLast())
                : value;
    }
}
