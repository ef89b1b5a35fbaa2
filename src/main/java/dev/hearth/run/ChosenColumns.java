package dev.hearth.run;

import dev.hearth.dataset.Column;
import dev.hearth.dataset.ColumnType;
import dev.hearth.dataset.Dataset;
import dev.hearth.problem.Violation;
import dev.hearth.spec.SpecErrors;
import dev.hearth.spec.TrainingSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The columns of a data set that a run uses.
 *
 * @param features in the order of the model's inputs
 */
record ChosenColumns(List<Column> features, Column target) {

    ChosenColumns {
        features = List.copyOf(features);
    }

    /** Chooses, and notes what cannot be used; empty if there is such a thing. */
    static Optional<ChosenColumns> choose(
            TrainingSpec spec, Dataset dataset, SpecErrors errors, List<Violation> warnings) {
        var choice = new Choice(dataset, errors, warnings);
        Optional<Column> target = spec.target().flatMap(choice::target);
        List<Column> features =
                spec.features().isEmpty()
                        ? choice.allBut(spec.target().orElse(""))
                        : choice.named(spec);
        if (features.isEmpty()) {
            errors.add("/features", "no column is left to predict from");
        }
        return target.filter(_ -> errors.isEmpty())
                .map(column -> new ChosenColumns(features, column));
    }

    private record Choice(Dataset dataset, SpecErrors errors, List<Violation> warnings) {

        Optional<Column> target(String name) {
            Optional<Column> found = existing(name, "/target");
            found.filter(column -> column.missing() > 0)
                    .ifPresent(column ->
                            errors.add(
                                    "/target",
                                    "column '%s' has %d empty cells; a target must be known in every row"
                                            .formatted(name, column.missing())));
            return found;
        }

        /** Every column that can be used; text is left out with a warning. */
        List<Column> allBut(String target) {
            var usable = new ArrayList<Column>();
            for (Column column : dataset.columns()) {
                if (column.name().equals(target)) {
                    continue;
                }
                if (column.type() == ColumnType.TEXT) {
                    warnings.add(
                            new Violation(
                                    "/features",
                                    "column '%s' holds free text and is left out"
                                            .formatted(column.name())));
                } else {
                    requireComplete(column, "/features");
                    usable.add(column);
                }
            }
            return usable;
        }

        List<Column> named(TrainingSpec spec) {
            List<String> names = spec.features();
            var columns = new ArrayList<Column>();
            for (int i = 0; i < names.size(); i++) {
                String pointer = spec.featurePointer(i);
                existing(names.get(i), pointer)
                        .ifPresent(column -> {
                            requireTrainable(column, pointer);
                            requireComplete(column, pointer);
                            columns.add(column);
                        });
            }
            return columns;
        }

        private Optional<Column> existing(String name, String pointer) {
            Optional<Column> column = dataset.column(name);
            if (column.isEmpty()) {
                errors.add(
                        pointer,
                        "the data set has no column '%s'; it has %s"
                                .formatted(
                                        name,
                                        dataset.columns().stream()
                                                .limit(50)
                                                .map(Column::name)
                                                .toList()));
            }
            return column;
        }

        private void requireTrainable(Column column, String pointer) {
            if (column.type() == ColumnType.TEXT) {
                errors.add(
                        pointer,
                        ("column '%s' holds free text; leave it out, or upload the data with"
                                        + " options.columns declaring it categorical")
                                .formatted(column.name()));
            }
        }

        private void requireComplete(Column column, String pointer) {
            if (column.missing() > 0) {
                errors.add(
                        pointer,
                        ("column '%s' has %d empty cells; fill them, or name the features without"
                                        + " it")
                                .formatted(column.name(), column.missing()));
            }
        }
    }
}
