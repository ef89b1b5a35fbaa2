package dev.hearth.serving;

import dev.hearth.model.ModelVersion;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.Violation;
import dev.hearth.spec.BlockInput;
import dev.hearth.spec.Encoding;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Reads golden rows as a version takes and answers them: {@code {"row": …, "expect": …}}, the row
 * as in a prediction, or {@code {"image": …, "expect": …}} with the file of an image in Base64.
 *
 * @param mostPixels of one image
 */
record GoldenRowReader(ModelVersion version, long mostPixels) {

    private static final String ROW = "row";
    private static final String IMAGE = "image";
    private static final String EXPECT = "expect";

    /**
     * @param pointer of the golden row
     * @param violations to which all that is wrong is added
     * @return the row; empty where something is wrong
     */
    Optional<GoldenRow> read(JsonNode golden, String pointer, List<Violation> violations) {
        if (!golden.isObject()) {
            violations.add(
                    new Violation(pointer, "expected an object such as {\"row\": …, \"expect\": …}"));
            return Optional.empty();
        }
        var found = new ArrayList<Violation>();
        for (String field : golden.propertyNames()) {
            if (!List.of(ROW, IMAGE, EXPECT).contains(field)) {
                found.add(
                        new Violation(
                                pointer + "/" + field,
                                "unknown field; there are row, image and expect"));
            }
        }
        Optional<Rows> rows = rows(golden, pointer, found);
        var expected =
                new ExpectationReader(version.target(), found)
                        .read(golden.path(EXPECT), pointer + "/" + EXPECT);
        violations.addAll(found);
        return found.isEmpty()
                ? rows.map(each -> new GoldenRow(each, expected))
                : Optional.empty();
    }

    private Optional<Rows> rows(JsonNode golden, String pointer, List<Violation> found) {
        if (golden.has(ROW) == golden.has(IMAGE)) {
            found.add(
                    new Violation(
                            pointer,
                            golden.has(ROW)
                                    ? "has both row and image; send one of them"
                                    : "needs a row, as predictions take it, or an image"));
            return Optional.empty();
        }
        try {
            return Optional.of(
                    golden.has(ROW)
                            ? row(golden.get(ROW), pointer + "/" + ROW)
                            : image(golden.get(IMAGE), pointer + "/" + IMAGE));
        } catch (ProblemException e) {
            found.addAll(e.violations());
            return Optional.empty();
        }
    }

    private Rows row(JsonNode row, String pointer) {
        var body = JsonNodeFactory.instance.objectNode();
        body.putArray("rows").add(row);
        try {
            return switch (version.input()) {
                case Encoding encoding ->
                        JsonRows.read(body, new RowReader(encoding, version.target()), 1);
                case BlockInput block -> new JsonCells(block).read(body, 1);
            };
        } catch (ProblemException e) {
            // It speaks of the only row of a request.
            throw new ProblemException(
                    e.code(),
                    e.detail(),
                    e.violations().stream()
                            .map(each ->
                                    new Violation(
                                            each.pointer().replaceFirst("^/rows/0", pointer),
                                            each.message()))
                            .toList());
        }
    }

    private Rows image(JsonNode image, String pointer) {
        if (!(version.input() instanceof BlockInput block)
                || block.kind() != BlockInput.Kind.IMAGE) {
            throw refused(pointer, "the model's input is no image; send a row");
        }
        if (!image.isString()) {
            throw refused(pointer, "expected the file of an image in Base64");
        }
        try {
            byte[] file = Base64.getDecoder().decode(image.stringValue());
            return new ImageCells(block, mostPixels)
                    .read(List.of(new ImageCells.ImageFile(pointer, file)));
        } catch (IllegalArgumentException e) {
            throw refused(pointer, "is no Base64: " + e.getMessage());
        }
    }

    private static ProblemException refused(String pointer, String message) {
        return ProblemException.at(
                ProblemCode.INVALID_INPUT, pointer, message);
    }
}
