package dev.hearth.python;

import dev.hearth.python.Expression.Dictionary;
import dev.hearth.python.Expression.Entry;
import dev.hearth.python.Expression.Text;
import dev.hearth.spec.Encoding;
import dev.hearth.spec.Encoding.Feature;
import dev.hearth.spec.TrainingSpec.Preprocessing;
import java.util.ArrayList;
import java.util.List;

/** The columns that a model's inputs are made of, and the constants that name them. */
record Columns(List<Feature> features) {

    static Columns of(Encoding encoding) {
        return new Columns(encoding.features());
    }

    /** Whether values of a column may be missing. */
    boolean areFilled(Preprocessing preprocessing) {
        return features.stream()
                .anyMatch(feature -> preprocessing.missing().containsKey(feature.column()));
    }

    Columns {
        features = List.copyOf(features);
    }

    boolean areAll(Class<? extends Feature> kind) {
        return features.stream().allMatch(kind::isInstance);
    }

    boolean have(Class<? extends Feature> kind) {
        return features.stream().anyMatch(kind::isInstance);
    }

    boolean haveCategories() {
        return have(Encoding.OneHot.class) || have(Encoding.Ordinal.class);
    }

    /** Whether some categories become an input each, and others one together. */
    boolean mixCategories() {
        return have(Encoding.OneHot.class) && have(Encoding.Ordinal.class);
    }

    /** What a script asks of a name to know that the column's category is its index. */
    String isOrdinal() {
        return mixCategories() ? "name in ORDINALS" : "name in CATEGORIES";
    }

    boolean areNumbers() {
        return !haveCategories() && !have(Encoding.Flag.class);
    }

    /** How many of the model's inputs they make. */
    int width() {
        return features.stream().mapToInt(Feature::width).sum();
    }

    /**
     * Writes {@code FEATURES}, {@code CATEGORIES}, {@code ORDINALS} and {@code FLAGS}, as far as
     * there are such.
     */
    void writeNames(PythonFile file) {
        file.constant(
                "FEATURES", Expression.strings(features.stream().map(Feature::column).toList()));
        var categories = new ArrayList<Entry>();
        var ordinals = new ArrayList<String>();
        var flags = new ArrayList<String>();
        for (Feature feature : features) {
            switch (feature) {
                case Encoding.OneHot(String column, List<String> values) ->
                        categories.add(new Entry(name(column), Expression.strings(values)));
                case Encoding.Ordinal(String column, List<String> values) -> {
                    categories.add(new Entry(name(column), Expression.strings(values)));
                    ordinals.add(column);
                }
                case Encoding.Flag(String column) -> flags.add(column);
                case Encoding.Standardized _, Encoding.Numeric _, Encoding.Scaled _ -> {}
            }
        }
        if (!categories.isEmpty()) {
            file.constant("CATEGORIES", new Dictionary(categories));
        }
        if (mixCategories()) {
            file.constant("ORDINALS", Expression.strings(ordinals));
        }
        if (!flags.isEmpty()) {
            file.constant("FLAGS", Expression.strings(flags));
        }
    }

    /** Column: mean and standard deviation, of those that are standardised. */
    List<Entry> scales() {
        var scales = new ArrayList<Entry>();
        for (Feature feature : features) {
            if (feature instanceof Encoding.Standardized(var column, double mean, double std)) {
                scales.add(new Entry(name(column), Expression.tuple(mean, std)));
            }
        }
        return scales;
    }

    private static Expression name(String column) {
        return new Text(Literal.of(column));
    }
}
