package dev.hearth.dataset;

import dev.hearth.problem.Violation;
import java.util.List;
import java.util.Optional;

/**
 * What has to stay the same where files are added to those of a parent. The types of columns that
 * are written as text are declared to their reading; what is left are pictures and tensors.
 */
final class Appending {

    private Appending() {}

    /**
     * @param files of the new version; as many as the parent's where they are only read again
     * @param options of the new version
     * @throws dev.hearth.problem.ProblemException INVALID_DATASET with every column that is not as
     *     the parent's
     */
    static void require(
            DatasetEntry parent, int files, DatasetOptions options, List<Column> columns) {
        var ready = parent.ready();
        if (ready.isEmpty() || files == parent.files().size()) {
            return;
        }
        var violations = new Violations();
        for (Column before : ready.get().columns()) {
            Optional<Column> after =
                    columns.stream()
                            .filter(column -> column.name().equals(before.name()))
                            .findFirst();
            String place = "column " + before.name();
            if (after.isEmpty()) {
                violations.add(
                        new Violation(
                                place,
                                "is there no more once the files are added; the parent has it, of type %s"
                                        .formatted(before.type().wireName())));
            } else if (before.block().isPresent()
                    && !options.imageOptions().wantedMode().isPresent()
                    && !isAs(before.block().get(), after.get().block())) {
                violations.add(
                        new Violation(
                                place,
                                "would be %s with the files that are added, and the parent's is %s; add files of the same kind%s"
                                        .formatted(
                                                words(after.get().block()),
                                                words(before.block()),
                                                before.type() == ColumnType.IMAGE
                                                        ? ", or say how to read all of them with the options {\"images\": {\"mode\": \"L\"}} or \"RGB\""
                                                        : "")));
            }
        }
        violations.throwIfAny();
    }

    /** Pictures may be of other sizes, but not of another number of channels. */
    private static boolean isAs(Block before, Optional<Block> after) {
        return after.isPresent()
                && after.get().dtype() == before.dtype()
                && after.get().shape().size() == before.shape().size()
                && after.get().shape().getFirst().equals(before.shape().getFirst());
    }

    private static String words(Optional<Block> block) {
        return block.map(each -> each.dtype().dtype + " " + each.shape())
                .orElse("no picture or tensor");
    }
}
