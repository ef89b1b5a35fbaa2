package dev.hearth.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.problem.Violation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RowsAheadTest {

    private static final int MOST_CELLS = 3;

    /** Rows that are made up, and then an end of some kind. */
    private static final class MadeUp implements Rows {
        private final CellRow row = new CellRow(MOST_CELLS, "line");
        private final List<List<String>> rows;
        private final @Nullable Exception failure;
        private int next;
        private boolean closed;

        MadeUp(List<List<String>> rows, @Nullable Exception failure) {
            this.rows = rows;
            this.failure = failure;
        }

        @Override
        public @Nullable CellRow next() throws IOException, UnreadableException {
            if (next == rows.size()) {
                return switch (failure) {
                    case null -> null;
                    case IOException e -> throw e;
                    case UnreadableException e -> throw e;
                    case Exception e -> throw new IllegalStateException(e);
                };
            }
            row.begin(10L + next);
            rows.get(next++).forEach(row::add);
            return row;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /** Many, some of them with too many cells, some longer than a batch. */
    private static List<List<String>> manyRows() {
        return IntStream.range(0, 5_000)
                .mapToObj(i ->
                        switch (i % 1000) {
                            case 1 -> List.of("a", "", "c" + i, "beyond", "beyond");
                            case 2 -> List.of("x".repeat(300_000), "y" + i);
                            case 3 -> List.<String>of();
                            default -> List.of("" + i, "ž", "\uD83D\uDE00");
                        })
                .toList();
    }

    private static List<String> told(CellRow row) {
        var told = new ArrayList<String>();
        told.add(row.place() + ", cells: " + row.cells());
        for (int i = 0; i < Math.min(row.cells(), MOST_CELLS); i++) {
            told.add(row.text(i));
            told.add(new String(row.chars(), row.offset(i), row.length(i)));
        }
        return told;
    }

    private static List<List<String>> allOf(Rows rows) throws Exception {
        var all = new ArrayList<List<String>>();
        for (CellRow row = rows.next(); row != null; row = rows.next()) {
            all.add(told(row));
        }
        return all;
    }

    @Test
    void theRowsAreTheSameAsWithoutTheThread() throws Exception {
        var source = new MadeUp(manyRows(), null);
        try (var rows = new RowsAhead(source, MOST_CELLS)) {
            assertThat(allOf(rows)).isEqualTo(allOf(new MadeUp(manyRows(), null)));
            assertThat(rows.next()).isNull();
        }
        assertThat(source.closed).isTrue();
    }

    @Test
    void whatIsWrongIsToldAfterTheRowsBefore() throws Exception {
        var violation = new Violation("line 5010", "cannot be read");
        for (Exception failure :
                List.of(
                        new Rows.UnreadableException(violation, new IOException()),
                        new IOException("the disk is gone"))) {
            try (var rows = new RowsAhead(new MadeUp(manyRows(), failure), MOST_CELLS)) {
                for (int i = 0; i < 5_000; i++) {
                    assertThat(rows.next()).isNotNull();
                }
                assertThatThrownBy(rows::next).isSameAs(failure);
                assertThatThrownBy(rows::next).isSameAs(failure);
            }
        }
    }

    @Test
    void whoeverHasSeenEnoughNeedNotReadTheRest() throws Exception {
        for (int read : List.of(0, 1, 1_024, 3_000)) {
            var source = new MadeUp(manyRows(), null);
            try (var rows = new RowsAhead(source, MOST_CELLS)) {
                for (int i = 0; i < read; i++) {
                    rows.next();
                }
            }
            assertThat(source.closed).isTrue();
        }
    }
}
