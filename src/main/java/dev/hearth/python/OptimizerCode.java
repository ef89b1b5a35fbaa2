package dev.hearth.python;

import dev.hearth.python.Expression.Call;
import dev.hearth.python.Expression.Dictionary;
import dev.hearth.python.Expression.Entry;
import dev.hearth.spec.OptimizationSpec;
import dev.hearth.spec.OptimizerSpec;
import dev.hearth.spec.ParameterGroups;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes an optimiser, with its parameter groups, as the call that constructs it. */
final class OptimizerCode {

    private OptimizerCode() {}

    /**
     * @param names of all parameters, in the model's order
     */
    static Expression construct(OptimizationSpec spec, List<String> names) {
        OptimizerSpec optimizer = spec.optimizer();
        Call call =
                Call.of("torch.optim." + optimizer.type())
                        .with(spec.groups().isEmpty() ? "model.parameters()" : groups(spec, names));
        Map<String, Object> usual = optimizer.defaults().arguments();
        for (Map.Entry<String, Object> argument : optimizer.arguments().entrySet()) {
            if (!argument.getValue().equals(usual.get(argument.getKey()))) {
                call = call.with(argument.getKey(), value(argument.getValue()));
            }
        }
        return call;
    }

    private static Expression groups(OptimizationSpec spec, List<String> names) {
        Map<String, Object> common = spec.optimizer().arguments();
        var groups = new ArrayList<Expression>();
        for (ParameterGroups.Group group : ParameterGroups.of(spec, names).groups()) {
            var entries = new ArrayList<Entry>();
            entries.add(entry("params", parameters(group.parameters())));
            group.optimizer()
                    .arguments()
                    .forEach((name, value) -> {
                        if (!value.equals(common.get(name))) {
                            entries.add(entry(name, value(value)));
                        }
                    });
            groups.add(new Dictionary(entries));
        }
        return new Expression.Rows(groups);
    }

    private static Expression parameters(List<String> names) {
        return new Expression.Comprehension(
                "model.get_parameter(name)", "name", Expression.strings(names));
    }

    private static Entry entry(String name, Expression value) {
        return new Entry(Expression.of(Literal.of(name)), value);
    }

    /** Of an argument: a number, a truth value, or a list of numbers. */
    private static Expression value(Object argument) {
        return argument instanceof List<?> several
                ? new Expression.Tuple(several.stream().map(Expression::of).toList())
                : Expression.of(argument);
    }
}
