package dev.hearth.train;

import dev.hearth.random.Mt19937;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Finds where a program's generator is. TorchScript cannot tell a generator's state, but the
 * numbers that it draws are those of the Mersenne twister, which can be followed here: the place of
 * known numbers among them is the place of the generator.
 */
final class GeneratorTrace {

    /** Some minutes' worth: whoever draws more between two epochs has another generator. */
    private static final long MOST = 100_000_000_000L;

    private static final long LOW_63_BITS = Long.MAX_VALUE;

    private final Mt19937 numbers;

    /** Numbers that were followed already and are still to come. */
    private final ArrayDeque<Long> ahead = new ArrayDeque<>();

    private long drawn;

    GeneratorTrace(long seed) {
        this.numbers = new Mt19937(seed);
    }

    /** Follows to where {@code count} numbers of 32 bits are drawn since the seed. */
    void skipTo(long count) {
        while (drawn < count) {
            next();
        }
    }

    /**
     * Follows to just behind {@code known}.
     *
     * @param known of 63 bits each, drawn one after the other
     * @return how many numbers of 32 bits are drawn then
     */
    long after(List<Long> known) {
        find(known);
        return drawn;
    }

    /** Follows to just before {@code known}. */
    long before(List<Long> known) {
        ArrayDeque<Long> found = find(known);
        while (!found.isEmpty()) {
            ahead.addFirst(found.removeLast());
            drawn--;
        }
        return drawn;
    }

    private ArrayDeque<Long> find(List<Long> known) {
        var window = new ArrayDeque<Long>();
        for (long followed = 0; followed < MOST; followed++) {
            window.addLast(next());
            if (window.size() > 2 * known.size()) {
                window.removeFirst();
            }
            if (window.size() == 2 * known.size() && matches(window, known)) {
                return window;
            }
        }
        throw new IllegalStateException("the generator has drawn what its seed does not make");
    }

    /** A number of 63 bits is made of two of 32: the higher half first. */
    private static boolean matches(ArrayDeque<Long> window, List<Long> known) {
        var each = window.iterator();
        for (long number : known) {
            if ((((each.next() << 32) | each.next()) & LOW_63_BITS) != number) {
                return false;
            }
        }
        return true;
    }

    private long next() {
        drawn++;
        Long followed = ahead.pollFirst();
        return followed == null ? numbers.nextUnsigned() : followed;
    }
}
