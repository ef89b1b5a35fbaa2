package dev.hearth.serving;

import dev.hearth.http.CsvAnswer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Predictions as CSV, one line for each row: {@code label} or {@code value}, or both; {@code label
 * COLUMN} or {@code value COLUMN} for each of several columns; {@code probability NAME}.
 */
final class PredictionCsv {

    private PredictionCsv() {}

    static String write(List<Prediction> predictions) {
        return CsvAnswer.write(
                List.copyOf(cells(predictions.getFirst()).keySet()),
                predictions.stream()
                        .map(prediction -> List.copyOf(cells(prediction).values()))
                        .toList());
    }

    /**
     * Classes with their probabilities in the order in which each prediction has them, the most
     * probable first: {@code label 1}, {@code probability 1}, {@code label 2} and so on.
     */
    static String ranked(List<Prediction> predictions) {
        var rows = predictions.stream().map(PredictionCsv::rankedCells).toList();
        var header = new ArrayList<String>();
        for (int i = 1; i <= rows.getFirst().size() / 2; i++) {
            header.add("label " + i);
            header.add("probability " + i);
        }
        return CsvAnswer.write(header, rows);
    }

    private static List<String> rankedCells(Prediction prediction) {
        var cells = new ArrayList<String>();
        Objects.requireNonNull(prediction.probabilities())
                .forEach((name, each) -> {
                    cells.add(name);
                    cells.add(each.toString());
                });
        return cells;
    }

    /** By their names, the same for all rows of a model. */
    private static Map<String, String> cells(Prediction prediction) {
        var cells = new LinkedHashMap<String, String>();
        if (prediction.label() != null) {
            cells.put("label", String.valueOf(prediction.label()));
        }
        if (prediction.value() != null) {
            cells.put("value", String.valueOf(prediction.value()));
        }
        if (prediction.labels() != null) {
            prediction
                    .labels()
                    .forEach((name, each) -> cells.put("label " + name, each.toString()));
        }
        if (prediction.values() != null) {
            prediction
                    .values()
                    .forEach((name, each) -> cells.put("value " + name, each.toString()));
        }
        if (prediction.probabilities() != null) {
            prediction
                    .probabilities()
                    .forEach((name, each) -> cells.put("probability " + name, each.toString()));
        }
        return cells;
    }
}
