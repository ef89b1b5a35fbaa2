package dev.hearth.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/**
 * Against values worked out by hand; where they are shared, scikit-learn's documentation has the
 * same.
 */
class TalliesTest {

    private static Tallies tallies(int classes, int[] so, int[] said) {
        var counts = new long[3][classes];
        for (int i = 0; i < so.length; i++) {
            counts[0][so[i]]++;
            counts[1][said[i]]++;
            if (so[i] == said[i]) {
                counts[2][so[i]]++;
            }
        }
        return Tallies.of(counts);
    }

    @Test
    void aClassThatIsNeverSaidHasPrecisionZero() {
        Tallies tallies = tallies(3, new int[] {0, 1, 2, 0, 1, 2}, new int[] {0, 2, 1, 0, 0, 1});

        assertThat(tallies.precision(0)).isCloseTo(2 / 3.0, within(1e-15));
        assertThat(tallies.recall(0)).isEqualTo(1);
        assertThat(tallies.f1(0)).isCloseTo(0.8, within(1e-15));
        assertThat(tallies.precision(1)).isZero();
        assertThat(tallies.f1(2)).isZero();
        assertThat(tallies.macroOfClasses(tallies::precision)).isCloseTo(2 / 9.0, within(1e-15));
        assertThat(tallies.macroOfClasses(tallies::recall)).isCloseTo(1 / 3.0, within(1e-15));
        assertThat(tallies.macroOfClasses(tallies::f1)).isCloseTo(0.8 / 3, within(1e-15));
        assertThat(tallies.microPrecision()).isCloseTo(1 / 3.0, within(1e-15));
        assertThat(tallies.microRecall()).isCloseTo(1 / 3.0, within(1e-15));
        assertThat(tallies.microF1()).isCloseTo(1 / 3.0, within(1e-15));
    }

    @Test
    void classesThatDoNotOccurAreNoPartOfTheMean() {
        Tallies tallies = tallies(4, new int[] {0, 0, 1}, new int[] {0, 0, 2});

        assertThat(tallies.macroOfClasses(tallies::recall)).isCloseTo(1 / 3.0, within(1e-15));
        assertThat(tallies.macroOfLabels(tallies::recall)).isCloseTo(1 / 4.0, within(1e-15));
    }

    @Test
    void nothingAtAllIsZero() {
        Tallies tallies = tallies(2, new int[0], new int[0]);

        assertThat(tallies.macroOfClasses(tallies::f1)).isZero();
        assertThat(tallies.microF1()).isZero();
    }
}
