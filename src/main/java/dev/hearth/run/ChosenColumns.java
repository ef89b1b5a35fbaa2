package dev.hearth.run;

import dev.hearth.dataset.Column;
import dev.hearth.dataset.ColumnType;
import dev.hearth.dataset.Dataset;
import dev.hearth.problem.Violation;
import dev.hearth.spec.SpecErrors;
import dev.hearth.spec.SplitSpec;
import dev.hearth.spec.TrainingSpec;
import dev.hearth.spec.TrainingSpec.Preprocessing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The columns of a data set that a run uses.
 *
 * @param features in the order of the model's inputs
 */
record ChosenColumns(List<Column> features, List<Column> targets, Optional<Column> sampleWeight) {

    ChosenColumns {
        features = List.copyOf(features);
        targets = List.copyOf(targets);
    }

    /** Chooses, and notes what cannot be used; empty if there is such a thing. */
    static Optional<ChosenColumns> choose(
            TrainingSpec spec, Dataset dataset, SpecErrors errors, List<Violation> warnings) {
        var choice = new Choice(dataset, spec.preprocessing(), errors, warnings);
        List<Column> targets = choice.targets(spec.objective().targets());
        Optional<Column> weight = spec.objective().sampleWeight().flatMap(choice::sampleWeight);
        spec.split().column().ifPresent(column -> choice.existing(column.name(), column.pointer()));
        List<Column> features =
                spec.features().isEmpty()
                        ? choice.allBut(
                                Stream.of(
                                                spec.objective().targets().stream(),
                                                spec.objective().sampleWeight().stream(),
                                                spec.split().column().stream()
                                                        .map(SplitSpec.Column::name))
                                        .flatMap(names -> names)
                                        .toList())
                        : choice.named(spec);
        if (spec.features().size() > 1) {
            choice.requireAlone(features, spec);
        }
        if (features.isEmpty()) {
            errors.add("/features", "no column is left to predict from");
        }
        return errors.isEmpty()
                ? Optional.of(new ChosenColumns(features, targets, weight))
                : Optional.empty();
    }

    /** The column of images or tensors that is the whole input, if it is one. */
    Optional<Column> block() {
        return features.stream().filter(column -> column.block().isPresent()).findFirst();
    }

    private record Choice(
            Dataset dataset,
            Preprocessing preprocessing,
            SpecErrors errors,
            List<Violation> warnings) {

        List<Column> targets(List<String> names) {
            var columns = new ArrayList<Column>();
            for (int i = 0; i < names.size(); i++) {
                String name = names.get(i);
                String pointer = names.size() == 1 ? "/target" : "/target/" + i;
                Optional<Column> found = existing(name, pointer);
                found.filter(column -> column.missing() > 0)
                        .ifPresent(column ->
                                errors.add(
                                        pointer,
                                        "column '%s' has %d empty cells; a target must be known in every row"
                                                .formatted(name, column.missing())));
                found.filter(column -> column.block().isPresent())
                        .ifPresent(column ->
                                errors.add(
                                        pointer,
                                        "column '%s' is %s; a target is a number or a class"
                                                .formatted(name, column.type().wireName())));
                found.ifPresent(columns::add);
            }
            return columns;
        }

        Optional<Column> sampleWeight(String name) {
            String pointer = "/sample_weight";
            Optional<Column> found = existing(name, pointer);
            found.ifPresent(column -> {
                if (!column.type().isNumber()) {
                    errors.add(
                            pointer,
                            "column '%s' is %s; weights are numbers"
                                    .formatted(name, column.type().wireName()));
                }
                if (column.missing() > 0) {
                    errors.add(
                            pointer,
                            "column '%s' has %d empty cells; a weight must be known in every row"
                                    .formatted(name, column.missing()));
                }
            });
            return found;
        }

        /**
         * Every column that can be used; text is left out with a warning, and so is everything
         * beside images or tensors.
         */
        List<Column> allBut(List<String> others) {
            Optional<Column> block =
                    dataset.columns().stream()
                            .filter(column -> column.block().isPresent())
                            .filter(column -> !others.contains(column.name()))
                            .min(Comparator.comparing(column -> column.type()));
            return block.map(column -> alone(column, others)).orElseGet(() -> encodable(others));
        }

        private List<Column> alone(Column block, List<String> others) {
            dataset.columns().stream()
                    .filter(column -> !column.equals(block) && !others.contains(column.name()))
                    .forEach(column ->
                            warnings.add(
                                    new Violation(
                                            "/features",
                                            "column '%s' is left out: the model's input is the column '%s'"
                                                    .formatted(column.name(), block.name()))));
            requireComplete(block, "/features");
            return List.of(block);
        }

        /** Images and tensors are the whole input where they are one. */
        void requireAlone(List<Column> features, TrainingSpec spec) {
            for (int i = 0; i < features.size(); i++) {
                Column column = features.get(i);
                if (column.block().isPresent()) {
                    errors.add(
                            spec.featurePointer(spec.features().indexOf(column.name())),
                            "column '%s' is %s, which is a model's whole input; name it alone, or leave it out"
                                    .formatted(column.name(), column.type().wireName()));
                }
            }
        }

        private List<Column> encodable(List<String> others) {
            var usable = new ArrayList<Column>();
            for (Column column : dataset.columns()) {
                if (others.contains(column.name())) {
                    continue;
                }
                if (!isEncodable(column)) {
                    warnings.add(
                            new Violation(
                                    "/features",
                                    "column '%s' is %s and is left out"
                                            .formatted(column.name(), words(column))));
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

        private static boolean isEncodable(Column column) {
            return switch (column.type()) {
                case NUMERIC, INTEGER, BOOLEAN, CATEGORICAL -> true;
                case TEXT, IMAGE, TENSOR -> false;
            };
        }

        private static String words(Column column) {
            return column.type() == ColumnType.TEXT ? "free text" : column.type().wireName();
        }

        private void requireComplete(Column column, String pointer) {
            if (column.missing() > 0 && !FillFit.policy(column, preprocessing).fills()) {
                errors.add(
                        pointer,
                        ("column '%s' has %d empty cells; fill them, write in"
                                        + " /preprocessing/missing what stands for them, or name"
                                        + " the features without it")
                                .formatted(column.name(), column.missing()));
            }
        }
    }
}
