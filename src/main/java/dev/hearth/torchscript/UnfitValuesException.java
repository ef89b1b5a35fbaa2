package dev.hearth.torchscript;

import ai.djl.engine.EngineException;
import java.util.regex.Pattern;

/**
 * What a program was given cannot be computed with: not a fault of the program, but of the data or
 * of the specification, whose words the message uses.
 */
public final class UnfitValuesException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** How a program that refuses a value itself begins what it says, up to the end of the line. */
    static final String REFUSAL = "refused: ";

    private static final Pattern REFUSED = Pattern.compile(Pattern.quote(REFUSAL) + "([^\n\"]+)");

    private UnfitValuesException(String message, Throwable cause) {
        super(message, cause);
    }

    /** What the engine's exception means where gradients of an output were asked for. */
    static RuntimeException withoutGradient(EngineException e) {
        String said = String.valueOf(e.getMessage());
        if (said.contains("does not require grad")
                || said.contains("not to have been used in the graph")) {
            return new UnfitValuesException(
                    "the model's output has no gradient with respect to its input; occlusion needs"
                            + " none",
                    e);
        }
        if (said.contains("RNN backward can only be called in training mode")) {
            return new UnfitValuesException(
                    "cuDNN has no gradients of recurrent layers in evaluation; occlusion needs none",
                    e);
        }
        return e;
    }

    /**
     * What the engine's exception means to a user, or the exception itself where it is our fault.
     */
    static RuntimeException explain(EngineException e) {
        String said = String.valueOf(e.getMessage());
        var refused = REFUSED.matcher(said);
        if (refused.find()) {
            return new UnfitValuesException(refused.group(1), e);
        }
        if (said.contains("all elements of input should be between 0 and 1")) {
            return new UnfitValuesException(
                    "BCELoss needs outputs from 0 to 1 and got another: end the model with a Sigmoid,"
                            + " or use BCEWithLogitsLoss",
                    e);
        }
        if (NoMemoryException.isMeantBy(said)) {
            return NoMemoryException.of(said, e);
        }
        return e;
    }
}
