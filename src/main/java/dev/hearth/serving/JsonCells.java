package dev.hearth.serving;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.spec.BlockInput;
import dev.hearth.torchscript.Cell;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Reads {@code {"rows": […]}} for a model of images or tensors: each row nested lists of numbers of
 * the input's shape.
 */
record JsonCells(BlockInput input) {

    private static final int MOST_PIXEL = 255;

    /** The input in words, such as {@code images [1, 28, 28]}. */
    static String described(BlockInput input) {
        return "%ss %s"
                .formatted(
                        input.kind().name().toLowerCase(Locale.ROOT),
                        input.shape().stream()
                                .map(extent ->
                                        extent == BlockInput.VARIES ? "any" : extent.toString())
                                .collect(Collectors.joining(", ", "[", "]")));
    }

    Rows read(JsonNode body, int mostRows) {
        return read(body, 1, mostRows);
    }

    /** The same, with a row beside the others that they are to be compared with. */
    ComparedRows compared(JsonNode body, int mostRows) {
        boolean hasBaseline = body.has(Baseline.NAME);
        Rows rows = read(body, hasBaseline ? 2 : 1, mostRows);
        return new ComparedRows(
                rows,
                hasBaseline
                        ? Optional.of(
                                new Rows.OfBlock(
                                        List.of(
                                                cell(
                                                        body.path(Baseline.NAME),
                                                        "/" + Baseline.NAME))))
                        : Optional.empty());
    }

    private Rows read(JsonNode body, int fields, int mostRows) {
        if (!body.isObject() || !body.path("rows").isArray() || body.size() != fields) {
            throw ProblemException.at(
                    ProblemCode.INVALID_INPUT,
                    "/rows",
                    "expected {\"rows\": […]} and nothing else, each row nested lists of numbers: %s"
                            .formatted(described(input)));
        }
        JsonNode rows = body.path("rows");
        Limits.requireBatch(rows.size(), mostRows, "/rows");
        var cells = new ArrayList<Cell>();
        for (int i = 0; i < rows.size(); i++) {
            cells.add(cell(rows.get(i), "/rows/" + i));
        }
        return new Rows.OfBlock(cells);
    }

    private Cell cell(JsonNode row, String pointer) {
        List<Long> shape = shape(row, pointer);
        Cell.Type type =
                switch (input.kind()) {
                    case IMAGE -> Cell.Type.UINT8;
                    case TENSOR -> Cell.Type.FLOAT32;
                };
        long elements = shape.stream().reduce(1L, Math::multiplyExact);
        long bytes = Math.multiplyExact(elements, type == Cell.Type.UINT8 ? 1L : Float.BYTES);
        var values = ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
        put(row, pointer, shape, values);
        return new Cell(type, shape, values.flip());
    }

    /** Of the first of all nested lists; the others are compared with it when they are read. */
    private List<Long> shape(JsonNode row, String pointer) {
        var shape = new ArrayList<Long>();
        JsonNode node = row;
        for (int i = 0; i < input.shape().size(); i++) {
            // An image's height and width are free, as far as the transforms make one size of it.
            boolean isFree = input.kind() == BlockInput.Kind.IMAGE && i > 0;
            if (!node.isArray()
                    || node.isEmpty()
                    || !(isFree || input.shape().get(i) == node.size())) {
                throw unfit(pointer, node);
            }
            shape.add((long) node.size());
            node = node.get(0);
        }
        if (input.kind() == BlockInput.Kind.IMAGE) {
            input.refusal(shape.get(1), shape.get(2))
                    .ifPresent(why -> {
                        throw refused(pointer, why);
                    });
        }
        return shape;
    }

    private void put(JsonNode node, String pointer, List<Long> shape, ByteBuffer values) {
        if (shape.isEmpty()) {
            putNumber(node, pointer, values);
            return;
        }
        if (!node.isArray() || node.size() != shape.getFirst()) {
            throw unfit(pointer, node);
        }
        for (int i = 0; i < node.size(); i++) {
            put(node.get(i), pointer + "/" + i, shape.subList(1, shape.size()), values);
        }
    }

    private void putNumber(JsonNode node, String pointer, ByteBuffer values) {
        double value = node.isNumber() ? node.doubleValue() : Double.NaN;
        switch (input.kind()) {
            case IMAGE -> {
                if (!(value >= 0 && value <= MOST_PIXEL && value == Math.rint(value))) {
                    throw refused(pointer, "expected a whole number from 0 to 255, got " + node);
                }
                values.put((byte) (int) value);
            }
            case TENSOR -> {
                if (!Float.isFinite((float) value)) {
                    throw refused(pointer, "expected a finite number, got " + node);
                }
                values.putFloat((float) value);
            }
        }
    }

    private ProblemException unfit(String pointer, JsonNode node) {
        return refused(
                pointer,
                "expected nested lists for %s, got %s"
                        .formatted(
                                described(input),
                                node.isArray()
                                        ? "a list of " + node.size()
                                        : node.getNodeType().name().toLowerCase(Locale.ROOT)));
    }

    private static ProblemException refused(String pointer, String message) {
        return ProblemException.at(
                ProblemCode.INVALID_INPUT,
                pointer,
                message.length() > 300 ? message.substring(0, 300) + "…" : message);
    }
}
