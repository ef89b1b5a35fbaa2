package dev.hearth.serving;

import dev.hearth.dataset.image.ImageDecoder;
import dev.hearth.dataset.image.ImageMode;
import dev.hearth.dataset.image.Picture;
import dev.hearth.dataset.image.UndecodableException;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.Violation;
import dev.hearth.spec.BlockInput;
import dev.hearth.torchscript.Cell;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decodes files of images for a model of such, just as those were that it was trained on.
 *
 * @param mostPixels of one image
 */
record ImageCells(BlockInput input, long mostPixels) {

    /**
     * A file of an image.
     *
     * @param name that an error names it by
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
    record ImageFile(String name, byte[] bytes) {}

    /**
     * @throws ProblemException with all files that cannot be used
     */
    Rows read(List<ImageFile> files) {
        var cells = new ArrayList<Cell>();
        var violations = new ArrayList<Violation>();
        try (var decoder = new ImageDecoder(mostPixels)) {
            for (ImageFile file : files) {
                try {
                    Picture picture = decoder.decode(file.bytes(), mode());
                    input.refusal(picture.height(), picture.width())
                            .ifPresentOrElse(
                                    why -> violations.add(new Violation(file.name(), why)),
                                    () -> cells.add(cell(picture)));
                } catch (UndecodableException e) {
                    violations.add(new Violation(file.name(), e.explanation()));
                }
            }
        }
        if (!violations.isEmpty()) {
            throw new ProblemException(
                    ProblemCode.INVALID_INPUT,
                    "%d of %d images cannot be used; the first: %s %s"
                            .formatted(
                                    violations.size(),
                                    files.size(),
                                    violations.getFirst().pointer(),
                                    violations.getFirst().message()),
                    violations);
        }
        return new Rows.OfBlock(cells);
    }

    private Optional<ImageMode> mode() {
        return Optional.of(input.shape().getFirst() == 1 ? ImageMode.L : ImageMode.RGB);
    }

    private static Cell cell(Picture picture) {
        return new Cell(
                Cell.Type.UINT8,
                List.of(
                        (long) picture.mode().channels(),
                        (long) picture.height(),
                        (long) picture.width()),
                ByteBuffer.wrap(picture.values()));
    }
}
