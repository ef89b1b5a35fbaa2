package dev.hearth.spec;

/** How parameters follow their gradients, with PyTorch's names, arguments and defaults. */
public sealed interface OptimizerSpec {

    /** PyTorch's class name, which is also the value of {@code "type"}. */
    default String type() {
        return getClass().getSimpleName();
    }

    double lr();

    record SGD(double lr, double momentum, double dampening, double weightDecay, boolean nesterov)
            implements OptimizerSpec {
        public SGD {
            requireFinite("lr", lr);
            requireFinite("momentum", momentum);
            requireFinite("weight_decay", weightDecay);
            if (nesterov && (momentum <= 0 || dampening != 0)) {
                throw new IllegalArgumentException(
                        "nesterov requires a momentum and zero dampening");
            }
        }
    }

    record Adam(double lr, double beta1, double beta2, double eps, double weightDecay)
            implements OptimizerSpec {
        public Adam {
            requireFinite("lr", lr);
            requireFinite("eps", eps);
            requireFinite("weight_decay", weightDecay);
            if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1)) {
                throw new IllegalArgumentException("betas must be at least 0 and below 1");
            }
        }
    }

    private static void requireFinite(String name, double value) {
        if (!(value >= 0 && value <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(name + " must be at least 0 and finite");
        }
    }
}
