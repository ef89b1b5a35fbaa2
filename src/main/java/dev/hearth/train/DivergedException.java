package dev.hearth.train;

/** The loss is no longer a number, so further steps would be in vain. */
public final class DivergedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * @param step of the optimiser in the run, from 1
     * @param batch of the epoch, from 1
     * @param lr of that step
     */
    DivergedException(double loss, int epoch, long step, long batch, double lr) {
        super(
                ("the loss became %s in epoch %d at step %d of the run (mini-batch %d of the epoch),"
                                + " with a learning rate of %s: the parameters have diverged. A"
                                + " smaller learning rate (/optimizer/lr) is the usual mend, or"
                                + " clipped gradients (/clip_grad_norm); for a regression, also look"
                                + " at the scale of the target and of the inputs"
                                + " (/preprocessing/standardize)")
                        .formatted(loss, epoch, step, batch, lr));
    }
}
