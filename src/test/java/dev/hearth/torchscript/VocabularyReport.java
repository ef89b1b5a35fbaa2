package dev.hearth.torchscript;

import dev.hearth.VocabularyCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** How near each case came to PyTorch, as a Markdown table. */
final class VocabularyReport {

    private static final String PROPERTY = "hearth.vocabulary.report";

    private final Map<String, String> rows = new TreeMap<>();

    /** {@code differences}: one for each of {@link VocabularyTest.Stage}. */
    void add(VocabularyCase which, Map<VocabularyTest.Stage, Double> differences) {
        var cells = new ArrayList<String>();
        cells.add(which.name());
        cells.add(which.word());
        for (VocabularyTest.Stage stage : VocabularyTest.Stage.values()) {
            cells.add(
                    switch (differences.get(stage)) {
                        case null -> "";
                        case Double difference when difference == 0 -> "same bits";
                        case Double difference -> String.format(Locale.ROOT, "%.1e", difference);
                    });
        }
        rows.put(which.name(), row(cells));
    }

    /** Where {@code -Dhearth.vocabulary.report=FILE} asks for it. */
    void write() throws IOException {
        String file = System.getProperty(PROPERTY);
        if (file == null) {
            return;
        }
        var header = new ArrayList<>(List.of("case", "word"));
        for (VocabularyTest.Stage stage : VocabularyTest.Stage.values()) {
            header.add(stage.title());
        }
        var lines = new ArrayList<String>();
        lines.add(
                "The largest difference from PyTorch, relative to the largest magnitude in its"
                        + " tensor.");
        lines.add("");
        lines.add(row(header));
        lines.add(row(header.stream().map(_ -> "---").toList()));
        lines.addAll(rows.values());
        Files.writeString(Path.of(file), String.join("\n", lines) + "\n");
    }

    private static String row(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |";
    }
}
