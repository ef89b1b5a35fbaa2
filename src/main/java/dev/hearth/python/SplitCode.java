package dev.hearth.python;

import dev.hearth.python.PythonFile.Import;

/** Writes which rows train and which are held out, as a run splits them. */
final class SplitCode {

    private static final String RANDOM =
            """
            def split(rows, fraction, seed):
                \"""The rows to train on and those to hold out, both ascending.\"""
                order = torch.randperm(rows, generator=torch.Generator().manual_seed(seed)).tolist()
                held = math.floor(fraction * rows + 0.5)
                return sorted(order[held:]), sorted(order[:held])
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

    private SplitCode() {}

    static void define(boolean stratified, PythonFile file) {
        file.require(Import.MATH);
        file.define("split", stratified ? STRATIFIED : RANDOM);
    }
}
