package dev.hearth.http;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which page of a list is asked for.
 *
 * @param limit how many items at most, 1 to {@value #MAX_LIMIT}
 * @param after where the page before ended; empty for the first page
 */
public record PageRequest(int limit, Optional<Cursor> after) {

    /** What controllers give as the default of their parameter {@code limit}. */
    public static final String DEFAULT_LIMIT = "50";

    public static final int MAX_LIMIT = 200;

    public PageRequest {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new ProblemException(
                    ProblemCode.INVALID_PARAMETER,
                    "The parameter 'limit' is %d; give 1 to %d.".formatted(limit, MAX_LIMIT));
        }
    }

    /**
     * @param cursor as the client sent it; null for the first page
     * @throws ProblemException INVALID_PARAMETER
     */
    public static PageRequest of(int limit, @Nullable String cursor) {
        return new PageRequest(limit, Optional.ofNullable(cursor).map(Cursor::decode));
    }

    /** How many rows to fetch: one more than the page has, to know whether another follows. */
    public int fetchSize() {
        return limit + 1;
    }

    /**
     * Makes the page of what was fetched.
     *
     * @param fetched at most {@link #fetchSize()} items, in order
     * @param position where an item stands in the list
     */
    public <T> Page<T> page(List<T> fetched, Function<T, Cursor> position) {
        if (fetched.size() <= limit) {
            return new Page<>(fetched, null);
        }
        var items = fetched.subList(0, limit);
        return new Page<>(items, position.apply(items.getLast()).encode());
    }

    /**
     * Where a page of a list that is counted begins.
     *
     * @param cursor as the client sent it; null for the first page
     * @return a place in the list, 0 for its beginning
     * @throws ProblemException INVALID_PARAMETER
     */
    public static long place(@Nullable String cursor) {
        if (cursor == null) {
            return 0;
        }
        if (!cursor.matches("\\d{1,18}")) {
            throw ProblemException.at(
                    ProblemCode.INVALID_PARAMETER,
                    "cursor",
                    "expected the next_cursor of the page before");
        }
        return Long.parseLong(cursor);
    }
}
