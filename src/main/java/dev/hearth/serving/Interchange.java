package dev.hearth.serving;

import dev.hearth.model.ModelVersion;
import dev.hearth.spec.BlockInput;
import dev.hearth.spec.Encoding;
import java.util.List;
import java.util.Optional;

/** Whether versions can stand in for one another: the same rows in, the same kind of answers out. */
final class Interchange {

    private Interchange() {}

    /** Why requests cannot be split between two versions; empty if they can. */
    static Optional<String> refusal(ModelVersion first, ModelVersion other) {
        return inputs(first, other, false).or(() -> targets(first, other));
    }

    /** Why {@code shadow} cannot be asked what {@code first} is; empty if it can. */
    static Optional<String> shadowRefusal(ModelVersion first, ModelVersion shadow) {
        return inputs(first, shadow, true).or(() -> targets(first, shadow));
    }

    /**
     * @param byName whether columns may have another order, and there may be fewer
     */
    private static Optional<String> inputs(
            ModelVersion first, ModelVersion other, boolean byName) {
        return switch (first.input()) {
            case Encoding encoding ->
                    other.input() instanceof Encoding otherEncoding
                            ? columns(first, encoding, other, otherEncoding, byName)
                            : different(first, "columns", other, "a block");
            case BlockInput block ->
                    other.input() instanceof BlockInput otherBlock
                            ? blocks(first, block, other, otherBlock)
                            : different(first, "a block", other, "columns");
        };
    }

    private static Optional<String> columns(
            ModelVersion first,
            Encoding encoding,
            ModelVersion other,
            Encoding otherEncoding,
            boolean byName) {
        List<TableRows.Column> columns = TableRows.columns(encoding);
        List<TableRows.Column> others = TableRows.columns(otherEncoding);
        boolean fits = byName ? columns.containsAll(others) : columns.equals(others);
        return fits ? Optional.empty() : different(first, names(columns), other, names(others));
    }

    private static String names(List<TableRows.Column> columns) {
        List<String> shown =
                columns.stream()
                        .limit(30)
                        .map(column -> column.name() + " (" + kind(column.kind()) + ")")
                        .toList();
        return shown.size() < columns.size()
                ? "%s and %d more".formatted(shown, columns.size() - shown.size())
                : shown.toString();
    }

    private static String kind(TableRows.Kind kind) {
        return switch (kind) {
            case NUMBER -> "number";
            case FLAG -> "boolean";
            case CATEGORY -> "category";
        };
    }

    private static Optional<String> blocks(
            ModelVersion first, BlockInput block, ModelVersion other, BlockInput otherBlock) {
        boolean fits =
                block.kind() == otherBlock.kind()
                        && switch (block.kind()) {
                            // Their sizes are what transforms make of them.
                            case IMAGE ->
                                    block.shape()
                                            .getFirst()
                                            .equals(otherBlock.shape().getFirst());
                            case TENSOR -> block.shape().equals(otherBlock.shape());
                        };
        return fits
                ? Optional.empty()
                : different(
                        first,
                        JsonCells.described(block),
                        other,
                        JsonCells.described(otherBlock));
    }

    private static Optional<String> targets(ModelVersion first, ModelVersion other) {
        return first.target().equals(other.target())
                ? Optional.empty()
                : Optional.of(
                        "version %d predicts %s, version %d %s"
                                .formatted(
                                        first.number(),
                                        described(first),
                                        other.number(),
                                        described(other)));
    }

    private static String described(ModelVersion version) {
        var target = version.target();
        return target.classes().isEmpty()
                ? target.columns().toString()
                : "%s as one of %s"
                        .formatted(
                                target.columns(),
                                target.classes().size() > 30
                                        ? target.classes().size() + " classes"
                                        : target.classes());
    }

    private static Optional<String> different(
            ModelVersion first, String takes, ModelVersion other, String otherTakes) {
        return Optional.of(
                "version %d takes %s, version %d %s"
                        .formatted(first.number(), takes, other.number(), otherTakes));
    }
}
