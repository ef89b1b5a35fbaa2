package dev.hearth.torchscript;

import dev.hearth.spec.OptimizerSpec;
import dev.hearth.torchscript.ScriptModule.Attribute;
import dev.hearth.torchscript.ScriptModule.RealValue;
import dev.hearth.torchscript.ScriptModule.TensorValue;
import java.util.ArrayList;
import java.util.List;

/**
 * Compiles an optimiser's step. Each follows PyTorch's {@code _single_tensor_*} function in {@code
 * torch/optim} operation by operation, which is what PyTorch runs on a CPU by default, so that
 * equal gradients give equal bits.
 *
 * <p>State is reached through {@code self} and updated tensor by tensor: TorchScript's alias
 * analysis does not see writes through the elements of a list and would drop them as dead code.
 */
final class Optimizers {

    private Optimizers() {}

    /**
     * What the step keeps between calls: names such as {@code exp_avg_0}, one for each parameter.
     */
    static List<Attribute> state(OptimizerSpec optimizer, List<TensorData> parameters) {
        var attributes = new ArrayList<Attribute>();
        attributes.add(new Attribute("step", new RealValue(0)));
        attributes.add(new Attribute("lr", new RealValue(optimizer.lr())));
        for (String name : tensorNames(optimizer)) {
            for (int i = 0; i < parameters.size(); i++) {
                var zeros = TensorData.zeros(parameters.get(i).shape());
                attributes.add(new Attribute(name + "_" + i, new TensorValue(zeros)));
            }
        }
        return attributes;
    }

    private static List<String> tensorNames(OptimizerSpec optimizer) {
        return switch (optimizer) {
            case OptimizerSpec.SGD sgd ->
                    sgd.momentum() == 0 ? List.of() : List.of("momentum_buffer");
            case OptimizerSpec.Adam _ -> List.of("exp_avg", "exp_avg_sq");
        };
    }

    /**
     * One step, given variables {@code p_i} and {@code g_i} for each parameter and its gradient.
     */
    static List<String> step(OptimizerSpec optimizer, int parameters) {
        var lines = new ArrayList<String>();
        lines.add("self.step = torch.add(self.step, 1.)");
        switch (optimizer) {
            case OptimizerSpec.SGD sgd -> {
                for (int i = 0; i < parameters; i++) {
                    sgd(sgd, i, lines);
                }
            }
            case OptimizerSpec.Adam adam -> {
                lines.add(
                        "bias_correction1 = torch.sub(1., torch.pow(%s, self.step))"
                                .formatted(adam.beta1()));
                lines.add(
                        "bias_correction2 = torch.sub(1., torch.pow(%s, self.step))"
                                .formatted(adam.beta2()));
                lines.add("step_size = torch.neg(torch.div(self.lr, bias_correction1))");
                lines.add("bias_correction2_sqrt = torch.pow(bias_correction2, 0.5)");
                for (int i = 0; i < parameters; i++) {
                    adam(adam, i, lines);
                }
            }
        }
        return lines;
    }

    private static void sgd(OptimizerSpec.SGD sgd, int i, List<String> lines) {
        weightDecay(sgd.weightDecay(), i, lines);
        String direction = "g_" + i;
        if (sgd.momentum() != 0) {
            String buffer = "self.momentum_buffer_" + i;
            lines.add("if torch.eq(self.step, 1.):");
            lines.add("  _ = torch.copy_(%s, g_%d)".formatted(buffer, i));
            lines.add("else:");
            lines.add(
                    "  _ = torch.add_(torch.mul_(%s, %s), g_%d, alpha=%s)"
                            .formatted(buffer, sgd.momentum(), i, 1 - sgd.dampening()));
            direction =
                    sgd.nesterov()
                            ? "torch.add(g_%d, %s, alpha=%s)".formatted(i, buffer, sgd.momentum())
                            : buffer;
        }
        lines.add("_ = torch.add_(p_%d, %s, alpha=torch.neg(self.lr))".formatted(i, direction));
    }

    private static void adam(OptimizerSpec.Adam adam, int i, List<String> lines) {
        weightDecay(adam.weightDecay(), i, lines);
        String average = "self.exp_avg_" + i;
        String square = "self.exp_avg_sq_" + i;
        lines.add("_ = torch.lerp_(%s, g_%d, %s)".formatted(average, i, 1 - adam.beta1()));
        lines.add(
                "_ = torch.addcmul_(torch.mul_(%s, %s), g_%d, g_%d, value=%s)"
                        .formatted(square, adam.beta2(), i, i, 1 - adam.beta2()));
        lines.add(
                "denom = torch.add_(torch.div(torch.sqrt(%s), bias_correction2_sqrt), %s)"
                        .formatted(square, adam.eps()));
        lines.add("_ = torch.addcdiv_(p_%d, %s, denom, value=step_size)".formatted(i, average));
    }

    private static void weightDecay(double weightDecay, int i, List<String> lines) {
        if (weightDecay != 0) {
            lines.add("g_%d = torch.add(g_%d, p_%d, alpha=%s)".formatted(i, i, i, weightDecay));
        }
    }
}
