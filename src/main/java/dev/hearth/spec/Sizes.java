package dev.hearth.spec;

import java.math.BigInteger;

/** How large a model becomes, layer by layer; what is too large is told once. */
final class Sizes {

    private final Limits limits;
    private final SpecErrors errors;
    private BigInteger parameters = BigInteger.ZERO;
    private BigInteger activations = BigInteger.ZERO;
    private boolean tooLarge;

    Sizes(Limits limits, SpecErrors errors) {
        this.limits = limits;
        this.errors = errors;
    }

    /**
     * False, and an error, if this layer alone or the model with it has too many.
     *
     * @param made how the layer's own come about, for the message; may be empty
     * @param place where the layer can be made smaller
     */
    boolean countParameters(BigInteger own, String made, String place) {
        var most = BigInteger.valueOf(limits.maxParameters());
        if (own.compareTo(most) > 0) {
            tooLarge = true;
            errors.add(
                    place,
                    "expected at most %s parameters in the model, got %s in this layer%s; make the"
                                    .formatted(Wording.number(most), Wording.number(own), made)
                            + " layer smaller");
            return false;
        }
        parameters = parameters.add(own);
        if (parameters.compareTo(most) > 0 && !tooLarge) {
            tooLarge = true;
            errors.add(
                    place,
                    "expected at most %s parameters in the model, got %s up to this layer; make the"
                                    .formatted(Wording.number(most), Wording.number(parameters))
                            + " layers smaller");
            return false;
        }
        return true;
    }

    void countActivations(Shape shape, String place) {
        countActivations(elements(shape), place);
    }

    void countActivations(BigInteger elements, String place) {
        activations = activations.add(elements);
        if (isHuge(activations) && !tooLarge) {
            tooLarge = true;
            errors.add(
                    place,
                    "expected at most %s values for one sample, got %s up to here; make the input or"
                                    .formatted(
                                            Wording.number(limits.maxActivationElements()),
                                            Wording.number(activations))
                            + " the layers smaller");
        }
    }

    /** Whether a shape is within the limits, so that its sizes can be reckoned with. */
    boolean fits(Shape shape) {
        return !isHuge(elements(shape));
    }

    BigInteger activations() {
        return activations;
    }

    private boolean isHuge(BigInteger elements) {
        return elements.compareTo(BigInteger.valueOf(limits.maxActivationElements())) > 0;
    }

    static BigInteger elements(Shape shape) {
        return shape.dims().stream()
                .map(BigInteger::valueOf)
                .reduce(BigInteger.ONE, BigInteger::multiply);
    }
}
