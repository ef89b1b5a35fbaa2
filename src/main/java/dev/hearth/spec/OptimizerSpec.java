package dev.hearth.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/** How parameters follow their gradients, with PyTorch's names, arguments and defaults. */
public sealed interface OptimizerSpec {

    /** PyTorch's class name, which is also the value of {@code "type"}. */
    default String type() {
        return getClass().getSimpleName();
    }

    double lr();

    /** Whether to go up the gradient instead of down. */
    boolean maximize();

    /**
     * All arguments by PyTorch's names, in the order of PyTorch's constructor: doubles, booleans,
     * and a list of two doubles for {@code betas}.
     */
    SequencedMap<String, Object> arguments();

    /** The same optimiser with PyTorch's defaults. */
    default OptimizerSpec defaults() {
        return switch (this) {
            case SGD _ -> SGD.DEFAULT;
            case Adam _ -> Adam.DEFAULT;
            case AdamW _ -> AdamW.DEFAULT;
            case NAdam _ -> NAdam.DEFAULT;
            case RAdam _ -> RAdam.DEFAULT;
            case RMSprop _ -> RMSprop.DEFAULT;
            case Adagrad _ -> Adagrad.DEFAULT;
            case Adadelta _ -> Adadelta.DEFAULT;
            case Adamax _ -> Adamax.DEFAULT;
        };
    }

    /**
     * What {@code OneCycleLR} and {@code CyclicLR} cycle beside the learning rate: the momentum, or
     * the first of the betas; empty where there is neither.
     */
    default OptionalDouble momentumOrBeta1() {
        return switch (this) {
            case SGD sgd -> OptionalDouble.of(sgd.momentum());
            case RMSprop rmsprop -> OptionalDouble.of(rmsprop.momentum());
            case Adam adam -> OptionalDouble.of(adam.betas().beta1());
            case AdamW adamw -> OptionalDouble.of(adamw.betas().beta1());
            case NAdam nadam -> OptionalDouble.of(nadam.betas().beta1());
            case RAdam radam -> OptionalDouble.of(radam.betas().beta1());
            case Adamax adamax -> OptionalDouble.of(adamax.betas().beta1());
            case Adagrad _, Adadelta _ -> OptionalDouble.empty();
        };
    }

    /** Decay rates of the averages of the gradient and of its square. */
    record Betas(double beta1, double beta2) {
        static final Betas DEFAULT = new Betas(0.9, 0.999);

        public Betas {
            if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1)) {
                throw new IllegalArgumentException("betas must be at least 0 and below 1");
            }
        }

        private List<Double> list() {
            return List.of(beta1, beta2);
        }
    }

    record SGD(
            double lr,
            double momentum,
            double dampening,
            double weightDecay,
            boolean nesterov,
            boolean maximize)
            implements OptimizerSpec {
        static final SGD DEFAULT = new SGD(1e-3, 0, 0, 0, false, false);

        public SGD {
            requireNotNegative("lr", lr);
            requireNotNegative("momentum", momentum);
            requireNotNegative("weight_decay", weightDecay);
            if (nesterov && (momentum <= 0 || dampening != 0)) {
                throw new IllegalArgumentException(
                        "nesterov requires a momentum and zero dampening");
            }
        }

        @Override
        public SequencedMap<String, Object> arguments() {
            return ordered(
                    "lr", lr,
                    "momentum", momentum,
                    "dampening", dampening,
                    "weight_decay", weightDecay,
                    "nesterov", nesterov,
                    "maximize", maximize);
        }
    }

    record Adam(
            double lr,
            Betas betas,
            double eps,
            double weightDecay,
            boolean amsgrad,
            boolean maximize)
            implements OptimizerSpec {
        static final Adam DEFAULT = new Adam(1e-3, Betas.DEFAULT, 1e-8, 0, false, false);

        public Adam {
            requireNotNegative("lr", lr);
            requireNotNegative("eps", eps);
            requireNotNegative("weight_decay", weightDecay);
        }

        @Override
        public SequencedMap<String, Object> arguments() {
            return ordered(
                    "lr", lr,
                    "betas", betas.list(),
                    "eps", eps,
                    "weight_decay", weightDecay,
                    "amsgrad", amsgrad,
                    "maximize", maximize);
        }
    }

    record AdamW(
            double lr,
            Betas betas,
            double eps,
            double weightDecay,
            boolean amsgrad,
            boolean maximize)
            implements OptimizerSpec {
        static final AdamW DEFAULT = new AdamW(1e-3, Betas.DEFAULT, 1e-8, 1e-2, false, false);

        public AdamW {
            requireNotNegative("lr", lr);
            requireNotNegative("eps", eps);
            requireNotNegative("weight_decay", weightDecay);
        }

        @Override
        public SequencedMap<String, Object> arguments() {
            return ordered(
                    "lr", lr,
                    "betas", betas.list(),
                    "eps", eps,
                    "weight_decay", weightDecay,
                    "amsgrad", amsgrad,
                    "maximize", maximize);
        }
    }

    record NAdam(
            double lr,
            Betas betas,
            double eps,
            double weightDecay,
            double momentumDecay,
            boolean decoupledWeightDecay,
            boolean maximize)
            implements OptimizerSpec {
        static final NAdam DEFAULT = new NAdam(2e-3, Betas.DEFAULT, 1e-8, 0, 4e-3, false, false);

        public NAdam {
            requireNotNegative("lr", lr);
            requireNotNegative("eps", eps);
            requireNotNegative("weight_decay", weightDecay);
            requireNotNegative("momentum_decay", momentumDecay);
        }

        @Override
        public SequencedMap<String, Object> arguments() {
            return ordered(
                    "lr", lr,
                    "betas", betas.list(),
                    "eps", eps,
                    "weight_decay", weightDecay,
                    "momentum_decay", momentumDecay,
                    "decoupled_weight_decay", decoupledWeightDecay,
                    "maximize", maximize);
        }
    }

    record RAdam(
            double lr,
            Betas betas,
            double eps,
            double weightDecay,
            boolean decoupledWeightDecay,
            boolean maximize)
            implements OptimizerSpec {
        static final RAdam DEFAULT = new RAdam(1e-3, Betas.DEFAULT, 1e-8, 0, false, false);

        public RAdam {
            requireNotNegative("lr", lr);
            requireNotNegative("eps", eps);
            requireNotNegative("weight_decay", weightDecay);
        }

        @Override
        public SequencedMap<String, Object> arguments() {
            return ordered(
                    "lr", lr,
                    "betas", betas.list(),
                    "eps", eps,
                    "weight_decay", weightDecay,
                    "decoupled_weight_decay", decoupledWeightDecay,
                    "maximize", maximize);
        }
    }

    record RMSprop(
            double lr,
            double alpha,
            double eps,
            double weightDecay,
            double momentum,
            boolean centered,
            boolean maximize)
            implements OptimizerSpec {
        static final RMSprop DEFAULT = new RMSprop(1e-2, 0.99, 1e-8, 0, 0, false, false);

        public RMSprop {
            requireNotNegative("lr", lr);
            requireNotNegative("alpha", alpha);
            requireNotNegative("eps", eps);
            requireNotNegative("weight_decay", weightDecay);
            requireNotNegative("momentum", momentum);
        }

        @Override
        public SequencedMap<String, Object> arguments() {
            return ordered(
                    "lr", lr,
                    "alpha", alpha,
                    "eps", eps,
                    "weight_decay", weightDecay,
                    "momentum", momentum,
                    "centered", centered,
                    "maximize", maximize);
        }
    }

    record Adagrad(
            double lr,
            double lrDecay,
            double weightDecay,
            double initialAccumulatorValue,
            double eps,
            boolean maximize)
            implements OptimizerSpec {
        static final Adagrad DEFAULT = new Adagrad(1e-2, 0, 0, 0, 1e-10, false);

        public Adagrad {
            requireNotNegative("lr", lr);
            requireNotNegative("lr_decay", lrDecay);
            requireNotNegative("weight_decay", weightDecay);
            requireNotNegative("initial_accumulator_value", initialAccumulatorValue);
            requireNotNegative("eps", eps);
        }

        @Override
        public SequencedMap<String, Object> arguments() {
            return ordered(
                    "lr", lr,
                    "lr_decay", lrDecay,
                    "weight_decay", weightDecay,
                    "initial_accumulator_value", initialAccumulatorValue,
                    "eps", eps,
                    "maximize", maximize);
        }
    }

    record Adadelta(double lr, double rho, double eps, double weightDecay, boolean maximize)
            implements OptimizerSpec {
        static final Adadelta DEFAULT = new Adadelta(1, 0.9, 1e-6, 0, false);

        public Adadelta {
            requireNotNegative("lr", lr);
            requireNotNegative("eps", eps);
            requireNotNegative("weight_decay", weightDecay);
            if (!(rho >= 0 && rho <= 1)) {
                throw new IllegalArgumentException("rho must be from 0 to 1");
            }
        }

        @Override
        public SequencedMap<String, Object> arguments() {
            return ordered(
                    "lr", lr,
                    "rho", rho,
                    "eps", eps,
                    "weight_decay", weightDecay,
                    "maximize", maximize);
        }
    }

    record Adamax(double lr, Betas betas, double eps, double weightDecay, boolean maximize)
            implements OptimizerSpec {
        static final Adamax DEFAULT = new Adamax(2e-3, Betas.DEFAULT, 1e-8, 0, false);

        public Adamax {
            requireNotNegative("lr", lr);
            requireNotNegative("eps", eps);
            requireNotNegative("weight_decay", weightDecay);
        }

        @Override
        public SequencedMap<String, Object> arguments() {
            return ordered(
                    "lr", lr,
                    "betas", betas.list(),
                    "eps", eps,
                    "weight_decay", weightDecay,
                    "maximize", maximize);
        }
    }

    private static void requireNotNegative(String name, double value) {
        if (!(value >= 0 && value <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(name + " must be at least 0 and finite");
        }
    }

    private static SequencedMap<String, Object> ordered(Object... namesAndValues) {
        var arguments = new LinkedHashMap<String, Object>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            arguments.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return arguments;
    }
}
