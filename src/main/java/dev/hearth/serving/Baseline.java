package dev.hearth.serving;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.spec.BlockInput;
import dev.hearth.spec.InputForm;
import dev.hearth.torchscript.Cell;
import dev.hearth.torchscript.FloatRows;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What integrated gradients and occlusion compare rows with. */
sealed interface Baseline {

    /** What it is called in a request: a field beside the rows, or a parameter. */
    String NAME = "baseline";

    /** Zeros, where the layers begin; Captum's own. */
    record Zeros() implements Baseline {}

    /**
     * A row of the caller's, which goes through the preprocessing as all rows do.
     *
     * @param row one
     */
    record Own(Rows row) implements Baseline {}

    /**
     * An image without anything in it, in the size of the first one that is explained.
     *
     * @param value of all its pixels in all channels, from 0, black, to 255, white
     */
    record Grey(int value) implements Baseline {

        static final int WHITE = 255;

        public Grey {
            if (value < 0 || value > WHITE) {
                throw refused("expected 0, black, to %d, white, got %d".formatted(WHITE, value));
            }
        }

        private Rows like(Rows rows) {
            Cell first = ((Rows.OfBlock) rows).cells().getFirst();
            var pixels =
                    new byte
                            [Math.toIntExact(
                                    first.shape().stream().reduce(1L, Math::multiplyExact))];
            Arrays.fill(pixels, (byte) value);
            return new Rows.OfBlock(
                    List.of(new Cell(Cell.Type.UINT8, first.shape(), ByteBuffer.wrap(pixels))));
        }
    }

    /**
     * What a request compares with.
     *
     * @param own the row beside its rows
     * @param grey its parameter; null where there is none
     * @throws ProblemException INVALID_PARAMETER where both are there, or what is does not suit the
     *     method or the model
     */
    static Baseline of(
            Optional<Rows> own, @Nullable Integer grey, ExplainMethod method, InputForm input) {
        if (own.isEmpty() && grey == null) {
            return new Zeros();
        }
        if (method instanceof ExplainMethod.Gradients) {
            throw refused(
                    "is what integrated_gradients and occlusion compare with; leave it out for gradients");
        }
        if (grey == null) {
            return new Own(own.orElseThrow());
        }
        if (own.isPresent()) {
            throw refused("is in the body, too; leave one of them out");
        }
        if (!(input instanceof BlockInput block && block.kind() == BlockInput.Kind.IMAGE)) {
            throw refused(
                    "is a grey of images; send a row of your own beside the rows: {\"rows\": […], \"baseline\": …}");
        }
        return new Grey(grey);
    }

    /**
     * What the layers get of it.
     *
     * @param rows that are explained
     * @param x what the layers get of those
     * @throws ProblemException INVALID_INPUT where it has another shape than they have
     */
    default FloatRows prepared(ScoreFunction function, Rows rows, FloatRows x) {
        FloatRows prepared =
                switch (this) {
                    case Zeros _ -> new FloatRows(new float[x.width()], 1, x.shape());
                    case Own(Rows row) -> function.prepare(row);
                    case Grey grey -> function.prepare(grey.like(rows));
                };
        if (!prepared.shape().equals(x.shape())) {
            throw ProblemException.at(
                    ProblemCode.INVALID_INPUT,
                    "/" + NAME,
                    "expected the shape of the rows, %s after the transforms, got %s"
                            .formatted(x.shape(), prepared.shape()));
        }
        return prepared;
    }

    private static ProblemException refused(String message) {
        return ProblemException.at(ProblemCode.INVALID_PARAMETER, NAME, message);
    }
}
