package dev.hearth.run;

import dev.hearth.dataset.Column;
import dev.hearth.dataset.ColumnType;
import dev.hearth.dataset.Dataset;
import dev.hearth.dataset.FoldSplit;
import dev.hearth.dataset.GroupSplit;
import dev.hearth.dataset.Held;
import dev.hearth.dataset.Part;
import dev.hearth.dataset.RowSplit;
import dev.hearth.dataset.Table;
import dev.hearth.dataset.TimeSplit;
import dev.hearth.dataset.Values;
import dev.hearth.python.PythonSplit;
import dev.hearth.spec.SpecErrors;
import dev.hearth.spec.SplitSpec;
import dev.hearth.spec.TargetColumn;
import dev.hearth.spec.TrainingSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which rows of a data set train, validate and test. */
record Splitting(TrainingSpec spec, Dataset dataset, Table table, Targets targets) {

    /**
     * Splits.
     *
     * @throws dev.hearth.problem.ProblemException where the rows cannot be split so
     */
    RowSplit rows() {
        var errors = new SpecErrors();
        Optional<Column> column = spec.split().column().map(named -> column(named, errors));
        errors.throwIfAny();
        long seed = spec.schedule().seed();
        return switch (spec.split()) {
            case SplitSpec.Random(var held, _) ->
                    isStratified()
                            ? RowSplit.stratified(classOfRow(), held(held), seed)
                            : RowSplit.random(table.rows(), held(held), seed);
            case SplitSpec.KFold(int folds, int fold, double test, _) -> {
                var split = new FoldSplit(folds, fold, test);
                yield isStratified()
                        ? split.stratified(classOfRow(), seed)
                        : split.random(table.rows(), seed);
            }
            case SplitSpec.Grouped(_, var held) ->
                    GroupSplit.of(groupOfRow(column.orElseThrow()), held(held), seed);
            case SplitSpec.Ordered ordered -> {
                long[] times =
                        TimeCells.of(
                                column.orElseThrow(),
                                table,
                                ordered.column().orElseThrow().pointer(),
                                errors);
                errors.throwIfAny();
                yield TimeSplit.of(times, held(ordered.held()));
            }
            case SplitSpec.Given given -> given(given, column.orElseThrow(), errors);
        };
    }

    /** The same in Python, for {@code split}, which {@link #rows} has answered. */
    PythonSplit python(RowSplit split) {
        return new PythonSplit(
                spec.split(),
                isStratified(),
                spec.split()
                        .column()
                        .flatMap(named -> dataset.column(named.name()))
                        .map(column -> TargetColumn.Kind.valueOf(column.type().name())),
                split.count(Part.TEST) > 0);
    }

    /** Whether each class gives the same fraction of its rows. */
    private boolean isStratified() {
        Optional<Boolean> asked =
                switch (spec.split()) {
                    case SplitSpec.Random random -> random.stratify();
                    case SplitSpec.KFold folds -> folds.stratify();
                    case SplitSpec.Grouped _, SplitSpec.Ordered _, SplitSpec.Given _ ->
                            Optional.of(false);
                };
        return asked.orElse(spec.objective().task().hasClasses()) && targets.hasClasses();
    }

    private static Held held(SplitSpec.Fractions fractions) {
        return new Held(fractions.validation(), fractions.test());
    }

    private Column column(SplitSpec.Column named, SpecErrors errors) {
        Column column = dataset.column(named.name()).orElseThrow();
        if (column.missing() > 0) {
            errors.add(
                    named.pointer(),
                    "column '%s' has %d empty cells; it must say of every row where it goes"
                            .formatted(column.name(), column.missing()));
        }
        if (column.block().isPresent()) {
            errors.add(
                    named.pointer(),
                    "column '%s' is %s; a split goes by numbers or words"
                            .formatted(column.name(), column.type().wireName()));
        }
        if (spec.objective().targets().contains(column.name())) {
            errors.add(
                    named.pointer(),
                    "column '%s' is the target, of which the parts would then differ; name another"
                            .formatted(column.name()));
        }
        return column;
    }

    private int[] classOfRow() {
        var classOfRow = new int[Math.toIntExact(table.rows())];
        for (int row = 0; row < classOfRow.length; row++) {
            classOfRow[row] = targets.classAt(row);
        }
        return classOfRow;
    }

    private int[] groupOfRow(Column column) {
        var groups = new HashMap<Object, Integer>();
        var groupOfRow = new int[Math.toIntExact(table.rows())];
        Optional<Values> values =
                column.type() == ColumnType.TEXT
                        ? Optional.empty()
                        : Optional.of(table.values(column.name()));
        for (int row = 0; row < groupOfRow.length; row++) {
            // 0 and −0 are one group.
            Object cell =
                    values.isPresent()
                            ? (Object) (values.get().at(row) + 0.0)
                            : table.text(column.name(), row).orElse("");
            int next = groups.size();
            groupOfRow[row] = groups.computeIfAbsent(cell, _ -> next);
        }
        return groupOfRow;
    }

    private RowSplit given(SplitSpec.Given given, Column column, SpecErrors errors) {
        String pointer = given.column().orElseThrow().pointer();
        if (column.type() == ColumnType.NUMERIC) {
            errors.add(
                    pointer,
                    "column '%s' is numeric; the parts are told by words, or whole numbers"
                            .formatted(column.name()));
            errors.throwIfAny();
        }
        var partOfWord = new HashMap<String, Part>();
        given.train().forEach(word -> partOfWord.put(word, Part.TRAINING));
        given.validation().forEach(word -> partOfWord.put(word, Part.VALIDATION));
        given.test().forEach(word -> partOfWord.put(word, Part.TEST));
        var parts = new Part[Math.toIntExact(table.rows())];
        for (int row = 0; row < parts.length; row++) {
            String word = table.text(column.name(), row).orElse("");
            Part part = partOfWord.get(word);
            if (part == null) {
                errors.add(
                        pointer,
                        "row %d of column '%s' says '%s'; expected one of %s, or name that word in train, validation or test"
                                .formatted(row + 1, column.name(), word, words(given)));
            }
            parts[row] = part == null ? Part.TRAINING : part;
        }
        errors.throwIfAny();
        RowSplit split = RowSplit.of(parts);
        requireRows(split, Part.TRAINING, "train", given.train(), errors);
        if (given.validates()) {
            requireRows(split, Part.VALIDATION, "validation", given.validation(), errors);
        }
        errors.throwIfAny();
        return split;
    }

    private static void requireRows(
            RowSplit split, Part part, String field, List<String> words, SpecErrors errors) {
        if (split.count(part) == 0) {
            errors.add(
                    "/split/" + field,
                    "no row says %s; %s"
                            .formatted(
                                    String.join(" or ", words),
                                    part == Part.TRAINING
                                            ? "name the words of the rows to train on"
                                            : "name other words, or write [] to hold out no rows to validate with"));
        }
    }

    private static String words(SplitSpec.Given given) {
        return Stream.of(given.train(), given.validation(), given.test())
                .flatMap(List::stream)
                .collect(Collectors.joining(", "));
    }
}
