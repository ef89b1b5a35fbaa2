package dev.hearth.dataset;

import dev.hearth.problem.ProblemException;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Splits so that all rows of a group are in one part.
 *
 * <p>The groups are taken in the order {@code torch.randperm(groups)} of the seed. Each goes into
 * the test part if that comes nearer to its size thereby; of the others, each goes into the
 * validation part if that does. A part that would have no group gets the smallest that is left, the
 * first of those in the order. The last group that is left trains.
 */
public final class GroupSplit {

    private final Part[] partOfGroup;
    private final int[] sizes;
    private final int[] order;
    private final int rows;
    private int free;

    private GroupSplit(int[] groupOfRow, int groups, long seed) {
        rows = groupOfRow.length;
        sizes = new int[groups];
        for (var group : groupOfRow) {
            sizes[group]++;
        }
        partOfGroup = RowSplit.allTraining(groups);
        order = TorchPermutation.of(groups, seed);
        free = groups;
    }

    /**
     * @param groupOfRow each row's group: 0, 1, 2 … in the order in which they first appear
     * @throws ProblemException where there are not as many groups as parts
     */
    public static RowSplit of(int[] groupOfRow, Held held, long seed) {
        held.of(groupOfRow.length);
        var groups = Arrays.stream(groupOfRow).max().orElse(-1) + 1;
        var parts = 1 + (held.validation() > 0 ? 1 : 0) + (held.test() > 0 ? 1 : 0);
        if (groups < parts) {
            throw Held.refused(
                    "/split/group",
                    "the column has %d groups, but no group can be in two of the %d parts; hold out less, or name another column"
                            .formatted(groups, parts));
        }
        var split = new GroupSplit(groupOfRow, groups, seed);
        split.fill(Part.TEST, held.test(), held.validation() > 0 ? 2 : 1);
        split.fill(Part.VALIDATION, held.validation(), 1);
        var partOfRow = new Part[groupOfRow.length];
        Arrays.setAll(partOfRow, row -> split.partOfGroup[groupOfRow[row]]);
        return RowSplit.of(partOfRow);
    }

    /**
     * @param kept groups that others need
     */
    private void fill(Part part, double fraction, int kept) {
        if (fraction == 0) {
            return;
        }
        var goal = fraction * rows;
        var filled = 0;
        for (var group : order) {
            if (partOfGroup[group] == Part.TRAINING
                    && free > kept
                    && Math.abs(filled + sizes[group] - goal) < Math.abs(filled - goal)) {
                take(group, part);
                filled += sizes[group];
            }
        }
        if (filled == 0) {
            take(smallest(), part);
        }
    }

    private void take(int group, Part part) {
        partOfGroup[group] = part;
        free--;
    }

    private int smallest() {
        return Arrays.stream(order)
                .filter(group -> partOfGroup[group] == Part.TRAINING)
                .boxed()
                .min(Comparator.comparingInt(group -> sizes[group]))
                .orElseThrow();
    }
}
