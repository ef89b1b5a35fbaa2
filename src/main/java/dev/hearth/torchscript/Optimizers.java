package dev.hearth.torchscript;

import dev.hearth.spec.OptimizerSpec;

/**
 * Compiles an optimiser's step. Each follows PyTorch's {@code _single_tensor_*} function in {@code
 * torch/optim} operation by operation, which is what PyTorch runs on a CPU by default, so that
 * equal gradients give equal bits.
 *
 * <p>State is reached through {@code self} and updated tensor by tensor: TorchScript's alias
 * analysis does not see writes through the elements of a list and would drop them as dead code.
 */
final class Optimizers {

    /** PyTorch counts steps in float32, which cannot count any further. */
    static final String LAST_STEP = "16777216.";

    private Optimizers() {}

    /**
     * What all parameters of a group share in one step: numbers such as {@code lr_0}, in double
     * precision as Python computes them.
     */
    static void prepare(OptimizerSpec optimizer, GroupLines group) {
        switch (optimizer) {
            case OptimizerSpec.SGD sgd -> {
                group.momentum("momentum", sgd.momentum());
                group.let("rest", "torch.sub(1., " + sgd.dampening() + ")");
            }
            case OptimizerSpec.Adam adam -> {
                biasCorrections(adam.betas(), group);
                adamStepSize(group);
            }
            case OptimizerSpec.AdamW adamw -> {
                biasCorrections(adamw.betas(), group);
                adamStepSize(group);
                decoupledDecay(adamw.weightDecay(), group);
            }
            case OptimizerSpec.NAdam nadam -> {
                biasCorrections(nadam.betas(), group);
                nadamMomenta(nadam, group);
                decoupledDecay(nadam.weightDecay(), group);
            }
            case OptimizerSpec.RAdam radam -> {
                biasCorrections(radam.betas(), group);
                radamRectification(group);
                decoupledDecay(radam.weightDecay(), group);
            }
            case OptimizerSpec.RMSprop rmsprop -> {
                group.momentum("momentum", rmsprop.momentum());
                group.let("rest", "torch.sub(1., " + rmsprop.alpha() + ")");
            }
            case OptimizerSpec.Adagrad adagrad ->
                    group.let(
                            "clr",
                            "torch.div(%s, torch.add(1., torch.mul(torch.sub(self.step, 1.), %s)))"
                                    .formatted(group.name("lr"), adagrad.lrDecay()));
            case OptimizerSpec.Adadelta adadelta ->
                    group.let("rest", "torch.sub(1., " + adadelta.rho() + ")");
            case OptimizerSpec.Adamax adamax -> {
                biasCorrections(adamax.betas(), group);
                group.let("clr", "torch.div($lr, $bias_correction1)");
            }
        }
    }

    /** One step of one parameter {@code p}, given its gradient {@code g}. */
    static void step(OptimizerSpec optimizer, ParameterLines of) {
        if (optimizer.maximize()) {
            of.add("$g = torch.neg($g)");
        }
        switch (optimizer) {
            case OptimizerSpec.SGD sgd -> sgd(sgd, of);
            case OptimizerSpec.Adam adam -> {
                weightDecay(adam.weightDecay(), of);
                adam(adam.betas(), adam.eps(), adam.amsgrad(), of);
            }
            case OptimizerSpec.AdamW adamw -> {
                shrink(adamw.weightDecay(), of);
                adam(adamw.betas(), adamw.eps(), adamw.amsgrad(), of);
            }
            case OptimizerSpec.NAdam nadam -> {
                if (nadam.decoupledWeightDecay()) {
                    shrink(nadam.weightDecay(), of);
                } else {
                    weightDecay(nadam.weightDecay(), of);
                }
                nadam(nadam, of);
            }
            case OptimizerSpec.RAdam radam -> {
                if (radam.decoupledWeightDecay()) {
                    shrink(radam.weightDecay(), of);
                } else {
                    weightDecay(radam.weightDecay(), of);
                }
                radam(radam, of);
            }
            case OptimizerSpec.RMSprop rmsprop -> rmsprop(rmsprop, of);
            case OptimizerSpec.Adagrad adagrad -> {
                weightDecay(adagrad.weightDecay(), of);
                of.add("_ = torch.addcmul_($sum, $g, $g, value=1)");
                of.add("std = torch.add_(torch.sqrt($sum), %s)", adagrad.eps());
                of.add("_ = torch.addcdiv_($p, $g, std, value=torch.neg($clr))");
            }
            case OptimizerSpec.Adadelta adadelta -> adadelta(adadelta, of);
            case OptimizerSpec.Adamax adamax -> {
                weightDecay(adamax.weightDecay(), of);
                of.add("_ = torch.lerp_($exp_avg, $g, torch.sub(1., $beta1))");
                of.add(
                        "_ = torch.copy_($exp_inf, torch.maximum(torch.mul_($exp_inf, %s),"
                                + " torch.add_(torch.abs($g), %s)))",
                        adamax.betas().beta2(), adamax.eps());
                of.add("_ = torch.addcdiv_($p, $exp_avg, $exp_inf, value=torch.neg($clr))");
            }
        }
    }

    private static void biasCorrections(OptimizerSpec.Betas betas, GroupLines group) {
        group.momentum("beta1", betas.beta1());
        group.let("bias_correction1", "torch.sub(1., torch.pow($beta1, self.step))");
        group.let(
                "bias_correction2",
                "torch.sub(1., torch.pow(%s, self.step))".formatted(betas.beta2()));
    }

    private static void adamStepSize(GroupLines group) {
        group.let("step_size", "torch.neg(torch.div($lr, $bias_correction1))");
        group.let("bias_correction2_sqrt", "torch.pow($bias_correction2, 0.5)");
    }

    private static void decoupledDecay(double weightDecay, GroupLines group) {
        group.let("kept", "torch.sub(1., torch.mul($lr, %s))".formatted(weightDecay));
    }

    /** {@code mu_product} is float32 in PyTorch, and the same for all parameters of a group. */
    private static void nadamMomenta(OptimizerSpec.NAdam nadam, GroupLines group) {
        String mu =
                "torch.mul($beta1, torch.sub(1., torch.mul(0.5, torch.pow(0.96, torch.mul(%s, %s)))))";
        group.let("mu", mu.formatted("self.step", nadam.momentumDecay()));
        group.let("mu_next", mu.formatted("torch.add(self.step, 1.)", nadam.momentumDecay()));
        group.add("_ = torch.mul_(self.mu_product_#, $mu)");
        group.let("mu_product", "float(self.mu_product_#)");
        group.let(
                "of_gradient",
                "torch.div(torch.mul(torch.neg($lr), torch.sub(1., $mu)), torch.sub(1.,"
                        + " $mu_product))");
        group.let(
                "of_average",
                "torch.div(torch.mul(torch.neg($lr), $mu_next), torch.sub(1.,"
                        + " torch.mul($mu_product, $mu_next)))");
    }

    private static void radamRectification(GroupLines group) {
        double beta2 = ((OptimizerSpec.RAdam) group.optimizer()).betas().beta2();
        double rhoInf = 2 / (1 - beta2) - 1;
        group.let(
                "rho",
                "torch.sub(%s, torch.div(torch.mul(torch.mul(2., self.step), torch.pow(%s,"
                                .formatted(rhoInf, beta2)
                        + " self.step)), $bias_correction2))");
        group.let("rect", "0.");
        group.add("if torch.gt($rho, 5.):");
        group.add(
                "  $rect = torch.pow(torch.div(torch.mul(torch.mul(torch.sub($rho, 4.),"
                        + " torch.sub($rho, 2.)), %s), torch.mul(%s, $rho)), 0.5)",
                rhoInf, (rhoInf - 4) * (rhoInf - 2));
        group.let("bias_correction2_sqrt", "torch.pow($bias_correction2, 0.5)");
    }

    private static void sgd(OptimizerSpec.SGD sgd, ParameterLines of) {
        weightDecay(sgd.weightDecay(), of);
        String direction = "$g";
        if (of.has("momentum_buffer")) {
            of.add("if torch.eq(self.step, 1.):");
            of.add("  _ = torch.copy_($momentum_buffer, $g)");
            of.add("else:");
            of.add("  _ = torch.add_(torch.mul_($momentum_buffer, $momentum), $g, alpha=$rest)");
            direction =
                    sgd.nesterov()
                            ? "torch.add($g, $momentum_buffer, alpha=$momentum)"
                            : "$momentum_buffer";
        }
        of.add("_ = torch.add_($p, " + direction + ", alpha=torch.neg($lr))");
    }

    private static void averages(OptimizerSpec.Betas betas, ParameterLines of) {
        of.add("_ = torch.lerp_($exp_avg, $g, torch.sub(1., $beta1))");
        of.add(
                "_ = torch.addcmul_(torch.mul_($exp_avg_sq, %s), $g, $g, value=%s)",
                betas.beta2(), 1 - betas.beta2());
    }

    private static void adam(
            OptimizerSpec.Betas betas, double eps, boolean amsgrad, ParameterLines of) {
        averages(betas, of);
        String square = "$exp_avg_sq";
        if (amsgrad) {
            square = "$max_exp_avg_sq";
            of.add(
                    "_ = torch.copy_($max_exp_avg_sq, torch.maximum($max_exp_avg_sq,"
                            + " $exp_avg_sq))");
        }
        of.add(
                "denom = torch.add_(torch.div(torch.sqrt("
                        + square
                        + "), $bias_correction2_sqrt), %s)",
                eps);
        of.add("_ = torch.addcdiv_($p, $exp_avg, denom, value=$step_size)");
    }

    private static void nadam(OptimizerSpec.NAdam nadam, ParameterLines of) {
        averages(nadam.betas(), of);
        of.add(
                "denom = torch.add_(torch.sqrt(torch.div($exp_avg_sq, $bias_correction2)), %s)",
                nadam.eps());
        of.add("_ = torch.addcdiv_($p, $g, denom, value=$of_gradient)");
        of.add("_ = torch.addcdiv_($p, $exp_avg, denom, value=$of_average)");
    }

    private static void radam(OptimizerSpec.RAdam radam, ParameterLines of) {
        averages(radam.betas(), of);
        of.add("corrected = torch.mul(torch.div($exp_avg, $bias_correction1), $lr)");
        of.add("if torch.gt($rho, 5.):");
        of.add("  root = torch.add_(torch.sqrt($exp_avg_sq), %s)", radam.eps());
        // A number divided by a tensor is the tensor's reciprocal times the number in PyTorch.
        of.add("  adaptive = torch.mul(torch.reciprocal(root), $bias_correction2_sqrt)");
        of.add("  update = torch.mul(torch.mul(corrected, adaptive), $rect)");
        of.add("else:");
        of.add("  update = corrected");
        of.add("_ = torch.add_($p, update, alpha=-1.)");
    }

    private static void rmsprop(OptimizerSpec.RMSprop rmsprop, ParameterLines of) {
        weightDecay(rmsprop.weightDecay(), of);
        of.add(
                "_ = torch.addcmul_(torch.mul_($square_avg, %s), $g, $g, value=$rest)",
                rmsprop.alpha());
        String average = "torch.sqrt($square_avg)";
        if (rmsprop.centered()) {
            of.add("_ = torch.lerp_($grad_avg, $g, $rest)");
            average = "torch.sqrt_(torch.addcmul($square_avg, $grad_avg, $grad_avg, value=-1))";
        }
        of.add("avg = torch.add_(" + average + ", %s)", rmsprop.eps());
        if (of.has("momentum_buffer")) {
            of.add("_ = torch.addcdiv_(torch.mul_($momentum_buffer, $momentum), $g, avg, value=1)");
            of.add("_ = torch.add_($p, $momentum_buffer, alpha=torch.neg($lr))");
        } else {
            of.add("_ = torch.addcdiv_($p, $g, avg, value=torch.neg($lr))");
        }
    }

    private static void adadelta(OptimizerSpec.Adadelta adadelta, ParameterLines of) {
        weightDecay(adadelta.weightDecay(), of);
        of.add(
                "_ = torch.addcmul_(torch.mul_($square_avg, %s), $g, $g, value=$rest)",
                adadelta.rho());
        of.add("std = torch.sqrt_(torch.add($square_avg, %s))", adadelta.eps());
        of.add("delta = torch.sqrt_(torch.add($acc_delta, %s))", adadelta.eps());
        of.add("delta = torch.mul_(torch.div_(delta, std), $g)");
        of.add(
                "_ = torch.addcmul_(torch.mul_($acc_delta, %s), delta, delta, value=$rest)",
                adadelta.rho());
        of.add("_ = torch.add_($p, delta, alpha=torch.neg($lr))");
    }

    private static void weightDecay(double weightDecay, ParameterLines of) {
        if (weightDecay != 0) {
            of.add("$g = torch.add($g, $p, alpha=%s)", weightDecay);
        }
    }

    /** Weight decay that is no part of the gradient. */
    private static void shrink(double weightDecay, ParameterLines of) {
        if (weightDecay != 0) {
            of.add("_ = torch.mul_($p, $kept)");
        }
    }
}
