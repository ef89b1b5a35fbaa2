package dev.hearth.serving;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.serving.Attributions.Attributed;
import dev.hearth.spec.BlockInput;
import dev.hearth.spec.Encoding;
import dev.hearth.spec.InputForm;
import dev.hearth.spec.Shape;
import dev.hearth.torchscript.FloatRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Rows that have been explained.
 *
 * @param method with the sizes that it used
 * @param inputs what the layers got of each row
 */
record Explained(
        ExplainMethod method,
        List<Prediction> predictions,
        List<ExplainedOutput> outputs,
        FloatRows inputs,
        Attributed attributed) {

    private static final int MOST_NUMBERS = 4_000_000;

    /**
     * Refuses what would be too many numbers for an answer in JSON, before they are computed.
     *
     * @param shape of a row as the layers get it
     * @throws ProblemException BATCH_TOO_LARGE
     */
    static void requireRoom(int rows, Shape shape) {
        if (rows * shape.elements() > MOST_NUMBERS) {
            throw new ProblemException(
                    ProblemCode.BATCH_TOO_LARGE,
                    "%d rows %s are more than the %d numbers that an answer in JSON may have; send fewer"
                            .formatted(rows, shape, MOST_NUMBERS));
        }
    }

    /** With predictions that name the most probable classes alone. */
    Explained naming(TopClasses top) {
        return new Explained(method, top.of(predictions), outputs, inputs, attributed);
    }

    /**
     * The rows in a user's terms.
     *
     * @param rows as they were sent
     */
    List<Explanation> rows(InputForm input, Rows rows) {
        var explanations = new ArrayList<Explanation>();
        for (int row = 0; row < inputs.count(); row++) {
            explanations.add(row(row, attributions(input, rows, row)));
        }
        return explanations;
    }

    private Explanation row(int row, Object attributions) {
        double output = attributed.outputs()[row];
        boolean hasBaseline = attributed.baselineOutputs().length > 0;
        double baseline = hasBaseline ? attributed.baselineOutputs()[row] : 0;
        return new Explanation(
                predictions.get(row),
                outputs.get(row).label(),
                outputs.get(row).column(),
                output,
                hasBaseline ? baseline : null,
                hasBaseline ? sum(row) - (output - baseline) : null,
                attributions);
    }

    private double sum(int row) {
        double sum = 0;
        for (int i = 0; i < inputs.width(); i++) {
            sum += attributed.values().at(row, i);
        }
        return sum;
    }

    private Object attributions(InputForm input, Rows rows, int row) {
        return switch (input) {
            case BlockInput _ -> nested(row);
            case Encoding encoding -> byColumn(encoding, rows, row);
        };
    }

    private Map<String, Double> byColumn(Encoding encoding, Rows rows, int row) {
        var columns = new ColumnAttributions(encoding, attributed.values());
        return switch (method) {
            case ExplainMethod.Gradients _ -> columns.slopes(row, ((Rows.OfTable) rows).raw());
            case ExplainMethod.IntegratedGradients _ -> columns.sums(row);
            case ExplainMethod.Occlusion _ -> columns.shared(row);
        };
    }

    private Object nested(int row) {
        return nested(attributed.values().row(row), 0, inputs.width(), inputs.shape());
    }

    private static Object nested(float[] values, int first, int end, List<Long> shape) {
        if (shape.size() < 2) {
            return Arrays.copyOfRange(values, first, end);
        }
        int width = (end - first) / Math.toIntExact(shape.getFirst());
        var parts = new ArrayList<Object>();
        for (int i = first; i < end; i += width) {
            parts.add(nested(values, i, i + width, shape.subList(1, shape.size())));
        }
        return parts;
    }
}
