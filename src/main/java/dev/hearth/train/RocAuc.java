package dev.hearth.train;

import dev.hearth.torchscript.Measurements.Scored;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The area under the receiver operating characteristic: how often, of one row that is yes and one
 * that is no, the first has the greater score; equal scores count half.
 */
final class RocAuc {

    private RocAuc() {}

    /**
     * Of each class against all others, or of each label.
     *
     * @param ignored a class whose rows are left out, or a number that no class has
     */
    static OptionalDouble[] each(Scored scored, int ignored) {
        int rows = scored.scores().length / scored.width();
        boolean byClass = scored.truth().length == rows && scored.width() > 1;
        return IntStream.range(0, scored.width())
                .mapToObj(column -> {
                    var keys = new long[rows];
                    int kept = 0;
                    for (int row = 0; row < rows; row++) {
                        double truth =
                                byClass
                                        ? scored.truth()[row]
                                        : scored.truth()[row * scored.width() + column];
                        if (!byClass || truth != ignored) {
                            boolean yes = byClass ? truth == column : truth > 0.5;
                            keys[kept++] = key(scored.scores()[row * scored.width() + column], yes);
                        }
                    }
                    return of(Arrays.copyOf(keys, kept));
                })
                .toArray(OptionalDouble[]::new);
    }

    /** The mean of those that there are. */
    static OptionalDouble mean(OptionalDouble[] each) {
        return Arrays.stream(each).flatMapToDouble(OptionalDouble::stream).average();
    }

    /** Of one score for each row; empty where all rows are yes, or all no. */
    static OptionalDouble of(float[] scores, boolean[] yes) {
        return of(
                IntStream.range(0, scores.length)
                        .mapToLong(row -> key(scores[row], yes[row]))
                        .toArray());
    }

    /** A number that sorts as the score does, with the answer in its last bit. */
    private static long key(float score, boolean yes) {
        // Adding 0 makes one zero of the two.
        int bits = Float.floatToIntBits(score + 0f);
        int ordered = bits < 0 ? ~bits : bits | Integer.MIN_VALUE;
        return Integer.toUnsignedLong(ordered) << 1 | (yes ? 1 : 0);
    }

    private static OptionalDouble of(long[] keys) {
        Arrays.sort(keys);
        double pairs = 0;
        long yes = 0;
        long no = 0;
        for (int first = 0; first < keys.length; ) {
            long yesHere = 0;
            int next = first;
            while (next < keys.length && keys[next] >>> 1 == keys[first] >>> 1) {
                yesHere += keys[next] & 1;
                next++;
            }
            long noHere = next - first - yesHere;
            pairs += yesHere * (no + noHere / 2.0);
            yes += yesHere;
            no += noHere;
            first = next;
        }
        return yes == 0 || no == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(pairs / ((double) yes * no));
    }
}
