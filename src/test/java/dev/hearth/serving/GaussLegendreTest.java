package dev.hearth.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GaussLegendreTest {

    /** The rule of n points is exact for polynomials of degree 2n − 1. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 20, 50, 51, 1000})
    void polynomialsAreIntegratedExactly(int count) {
        var rule = GaussLegendre.of(count);

        for (int power = 0; power < Math.min(2 * count, 100); power++) {
            double sum = 0;
            for (int i = 0; i < count; i++) {
                sum += rule.weights()[i] * Math.pow(rule.points()[i], power);
            }
            assertThat(sum).as("x^" + power).isCloseTo(1.0 / (power + 1), within(1e-13));
        }
        assertThat(rule.points()).isSorted();
        assertThat(rule.points()[0]).isPositive();
    }
}
