package dev.hearth.train;

/** The loss is no longer a number, so further steps would be in vain. */
public final class DivergedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DivergedException(int epoch, double loss) {
        super(
                ("the loss became %s in epoch %d: the parameters have diverged. A smaller learning rate"
                                + " (/optimizer/lr) is the usual mend; for a regression, also look at"
                                + " the scale of the target and of the inputs"
                                + " (/preprocessing/standardize)")
                        .formatted(loss, epoch));
    }
}
