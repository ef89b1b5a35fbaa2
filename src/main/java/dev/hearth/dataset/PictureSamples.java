package dev.hearth.dataset;

import dev.hearth.dataset.image.PngEncoder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A few pictures of each class, as a page shows them. */
final class PictureSamples {

    private static final int CLASSES = 20;
    private static final int OF_CLASS = 6;
    private static final int SIDE = 64;

    private PictureSamples() {}

    /**
     * Data URIs of small pictures by class; under the empty name where there are no classes.
     *
     * @param classes the column of them
     */
    static Map<String, List<String>> of(ImageCells cells, Table table, Optional<Column> classes)
            throws IOException {
        var samples = new LinkedHashMap<String, List<String>>();
        for (long row = 0; row < table.rows(); row++) {
            long here = row;
            String label = classes.flatMap(column -> table.text(column.name(), here)).orElse("");
            if (!samples.containsKey(label) && samples.size() == CLASSES) {
                continue;
            }
            List<String> some = samples.computeIfAbsent(label, _ -> new ArrayList<>());
            if (some.size() < OF_CLASS) {
                some.add(uri(cells, row));
            } else if (classes.isEmpty()) {
                break;
            }
        }
        return samples;
    }

    private static String uri(ImageCells cells, long row) throws IOException {
        return "data:image/png;base64,"
                + Base64.getEncoder().encodeToString(PngEncoder.small(cells.at(row), SIDE));
    }
}
