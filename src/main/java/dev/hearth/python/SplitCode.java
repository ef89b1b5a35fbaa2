package dev.hearth.python;

import dev.hearth.python.PythonFile.Import;
import dev.hearth.spec.SplitSpec;
import dev.hearth.spec.TargetColumn.Kind;
import java.util.List;
import java.util.Optional;

/**
 * Writes which rows train and which are held out, as a run splits them.
 *
 * @param seed of the run
 */
record SplitCode(PythonSplit split, long seed) {

    private static final String RANDOM =
            """
            def split(rows, fraction, seed):
                \"""The rows to train on and those to hold out, both ascending.\"""
                order = torch.randperm(rows, generator=torch.Generator().manual_seed(seed)).tolist()
                held = math.floor(fraction * rows + 0.5)
                return sorted(order[held:]), sorted(order[:held])
            """;

    private static final String RANDOM_TEST =
            """
            def split(rows, validation, test, seed):
                \"""The rows to train on, to hold out and to test with, all ascending.\"""
                order = torch.randperm(rows, generator=torch.Generator().manual_seed(seed)).tolist()
                tested = math.floor(test * rows + 0.5)
                held = tested + math.floor(validation * rows + 0.5)
                return sorted(order[held:]), sorted(order[tested:held]), sorted(order[:tested])
            """;

    private static final String STRATIFIED =
            """
            def split(labels, fraction, seed):
                \"""The rows to train on and those to hold out, of each class the same fraction.\"""
                order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed)).tolist()
                held = math.floor(fraction * len(labels) + 0.5)
                sizes = [labels.count(label) for label in range(max(labels) + 1)]
                wanted = [math.floor(fraction * size) for size in sizes]
                by_remainder = sorted(range(len(sizes)), key=lambda c: wanted[c] - fraction * sizes[c])
                while sum(wanted) < held:
                    for c in by_remainder:
                        if sum(wanted) < held and wanted[c] + 1 < sizes[c]:
                            wanted[c] += 1
                validation = set()
                for row in order:
                    if wanted[labels[row]] > 0:
                        wanted[labels[row]] -= 1
                        validation.add(row)
                return [row for row in range(len(labels)) if row not in validation], sorted(validation)
            """;

    private static final String SHARES =
            """
            def shares(sizes, free, fraction):
                \"""How many rows of each class are that fraction of all; each class keeps a free row.\"""
                count = math.floor(fraction * sum(sizes) + 0.5)
                wanted = [min(math.floor(fraction * s), max(0, f - 1)) for s, f in zip(sizes, free)]
                by_remainder = sorted(
                    range(len(sizes)), key=lambda c: math.floor(fraction * sizes[c]) - fraction * sizes[c]
                )
                while sum(wanted) < count:
                    for c in by_remainder:
                        if sum(wanted) < count and wanted[c] + 1 < free[c]:
                            wanted[c] += 1
                return wanted
            """;

    private static final String STRATIFIED_TEST =
            """
            def split(labels, validation, test, seed):
                \"""The rows to train on, to hold out and to test with, of each class the same fractions.\"""
                order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed)).tolist()
                sizes = [labels.count(label) for label in range(max(labels) + 1)]
                tested = shares(sizes, sizes, test)
                held = shares(sizes, [size - used for size, used in zip(sizes, tested)], validation)
                parts = [], [], []
                for row in order:
                    if tested[labels[row]] > 0:
                        tested[labels[row]] -= 1
                        parts[2].append(row)
                    elif held[labels[row]] > 0:
                        held[labels[row]] -= 1
                        parts[1].append(row)
                    else:
                        parts[0].append(row)
                return tuple(sorted(part) for part in parts)
            """;

    private static final String FOLDS =
            """
            def split(rows, folds, fold, test, seed):
                \"""The rows to train on, to hold out and to test with: one of several folds is held out.\"""
                order = torch.randperm(rows, generator=torch.Generator().manual_seed(seed)).tolist()
                tested = math.floor(test * rows + 0.5)
                test, rest = order[:tested], order[tested:]
                size, more = divmod(len(rest), folds)
                first = fold * size + min(fold, more)
                end = first + size + (fold < more)
                return sorted(rest[:first] + rest[end:]), sorted(rest[first:end]), sorted(test)
            """;

    private static final String STRATIFIED_FOLDS =
            """
            def split(labels, folds, fold, test, seed):
                \"""The rows to train on, to hold out and to test with: one of several folds is held out.

                A fold has as many rows of each class as with scikit-learn's StratifiedKFold.
                \"""
                order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed)).tolist()
                sizes = [labels.count(label) for label in range(max(labels) + 1)]
                tested, test, rest = shares(sizes, sizes, test), [], []
                for row in order:
                    if tested[labels[row]] > 0:
                        tested[labels[row]] -= 1
                        test.append(row)
                    else:
                        rest.append(row)
                classes = list(dict.fromkeys(labels[row] for row in sorted(rest)))
                members = {c: [row for row in rest if labels[row] == c] for c in classes}
                by_class = [c for c in classes for _ in members[c]]
                validation = set()
                for c in classes:
                    counts = [by_class[i::folds].count(c) for i in range(fold + 1)]
                    validation.update(members[c][sum(counts[:fold]):sum(counts)])
                training = [row for row in sorted(rest) if row not in validation]
                return training, sorted(validation), sorted(test)
            """;

    private static final String GROUPED =
            """
            def split(groups, validation, test, seed):
                \"""The rows to train on, to hold out and to test with; no group is in two of them.\"""
                sizes = dict.fromkeys(groups, 0)
                for group in groups:
                    sizes[group] += 1
                names, free = list(sizes), len(sizes)
                order = torch.randperm(len(names), generator=torch.Generator().manual_seed(seed)).tolist()
                part = dict.fromkeys((names[i] for i in order), 0)
                for number, fraction, kept in (2, test, 2 if validation else 1), (1, validation, 1):
                    goal, filled = fraction * len(groups), 0
                    for group in part:
                        nearer = abs(filled + sizes[group] - goal) < abs(filled - goal)
                        if part[group] == 0 and free > kept and nearer:
                            part[group] = number
                            filled += sizes[group]
                            free -= 1
                    if fraction and not filled:
                        part[min((group for group in part if part[group] == 0), key=sizes.get)] = number
                        free -= 1
                return tuple(
                    [row for row, group in enumerate(groups) if part[group] == number] for number in range(3)
                )
            """;

    private static final String ORDERED =
            """
            def split(times, validation, test):
                \"""The rows to train on, to hold out and to test with: the earliest, later ones, the latest.

                Rows of one time stay together, so a part begins at the nearest time that can be.
                \"""
                order = sorted(range(len(times)), key=lambda row: times[row])
                starts = [i for i in range(1, len(order)) if times[order[i]] != times[order[i - 1]]]
                last = first = len(times)
                tested, held = (math.floor(part * len(times) + 0.5) for part in (test, validation))
                if tested:
                    last = first = min(starts, key=lambda i: abs(i - (len(times) - tested)))
                if held:
                    first = min(starts, key=lambda i: abs(i - (len(times) - tested - held)))
                return sorted(order[:first]), sorted(order[first:last]), sorted(order[last:])
            """;

    private static final String MOMENT =
            """
            def moment(text):
                \"""A date, or a date and time, which is of UTC unless it says.\"""
                value = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
                return value if value.tzinfo else value.replace(tzinfo=timezone.utc)
            """;

    private static final String GIVEN =
            """
            def split(parts, train, validation, test):
                \"""The rows to train on, to hold out and to test with, by what is said of them.\"""
                return tuple(
                    [row for row, part in enumerate(parts) if part in words]
                    for words in (train, validation, test)
                )
            """;

    /** Writes {@code split}, and what it takes. */
    void define(PythonFile file) {
        switch (split.spec()) {
            case SplitSpec.Random _ -> {
                file.require(Import.MATH);
                if (split.stratified() && split.tests()) {
                    file.define("shares", SHARES);
                }
                file.define(
                        "split",
                        split.stratified()
                                ? split.tests() ? STRATIFIED_TEST : STRATIFIED
                                : split.tests() ? RANDOM_TEST : RANDOM);
            }
            case SplitSpec.KFold _ -> {
                file.require(Import.MATH);
                if (split.stratified()) {
                    file.define("shares", SHARES);
                }
                file.define("split", split.stratified() ? STRATIFIED_FOLDS : FOLDS);
            }
            case SplitSpec.Grouped _ -> file.define("split", GROUPED);
            case SplitSpec.Ordered _ -> {
                file.require(Import.MATH);
                file.define("split", ORDERED);
            }
            case SplitSpec.Given _ -> file.define("split", GIVEN);
        }
    }

    /** What {@code read} answers last, where the split goes by a column. */
    Optional<String> column() {
        return switch (split.spec()) {
            case SplitSpec.Random _, SplitSpec.KFold _ -> Optional.empty();
            case SplitSpec.Grouped _ -> Optional.of("groups");
            case SplitSpec.Ordered _ -> Optional.of("times");
            case SplitSpec.Given _ -> Optional.of("parts");
        };
    }

    /** A cell of that column, in the row that {@code csv.DictReader} gives. */
    String cell(PythonFile file) {
        String cell = "row[%s]".formatted(Literal.of(split.spec().column().orElseThrow().name()));
        Kind kind = split.column().orElseThrow();
        return switch (split.spec()) {
            case SplitSpec.Ordered _ -> {
                if (isNumber(kind)) {
                    yield "float(%s)".formatted(cell);
                }
                file.require(Import.DATETIME);
                file.define("moment", MOMENT);
                yield "moment(%s)".formatted(cell);
            }
            case SplitSpec.Given _ ->
                    isNumber(kind) ? "str(int(%s))".formatted(cell) : word(cell, kind);
            case SplitSpec.Grouped _, SplitSpec.Random _, SplitSpec.KFold _ ->
                    isNumber(kind) ? "float(%s)".formatted(cell) : word(cell, kind);
        };
    }

    private static boolean isNumber(Kind kind) {
        return switch (kind) {
            case NUMERIC, INTEGER -> true;
            case BOOLEAN, CATEGORICAL, TEXT -> false;
        };
    }

    private static String word(String cell, Kind kind) {
        return kind == Kind.BOOLEAN ? cell + ".strip().lower()" : cell;
    }

    /** The statement that names the rows of the parts. */
    String statement() {
        if (!split.holdsOut()) {
            return "training = list(range(len(labels)))\n";
        }
        String rows = split.stratified() ? "labels" : "len(labels)";
        String call =
                switch (split.spec()) {
                    case SplitSpec.Random(var held, _) ->
                            "%s, %s, %s"
                                    .formatted(
                                            rows,
                                            split.tests()
                                                    ? fractions(held)
                                                    : Literal.of(held.validation()),
                                            seed);
                    case SplitSpec.KFold(int folds, int fold, double test, _) ->
                            "%s, %d, %d, %s, %d"
                                    .formatted(rows, folds, fold, Literal.of(test), seed);
                    case SplitSpec.Grouped(_, var held) ->
                            "groups, %s, %d".formatted(fractions(held), seed);
                    case SplitSpec.Ordered(_, var held) -> "times, " + fractions(held);
                    case SplitSpec.Given given ->
                            "parts, %s, %s, %s"
                                    .formatted(
                                            words(given.train()),
                                            words(given.validation()),
                                            words(given.test()));
                };
        boolean two = split.spec() instanceof SplitSpec.Random && !split.tests();
        return "training, %s%s = split(%s)\n"
                .formatted(
                        split.validates() ? "validation" : "_",
                        two ? "" : split.tests() ? ", test" : ", _",
                        call);
    }

    private static String fractions(SplitSpec.Fractions held) {
        return Literal.of(held.validation()) + ", " + Literal.of(held.test());
    }

    private static String words(List<String> words) {
        return "[" + String.join(", ", words.stream().map(Literal::of).toList()) + "]";
    }
}
