package dev.hearth.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hearth.model.AliasSetting.Route;
import dev.hearth.model.AliasSetting.Shadow;
import dev.hearth.problem.ProblemException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AliasSettingTest {

    private static AliasSetting split(Route... routes) {
        return new AliasSetting(List.of(routes), Optional.empty());
    }

    @Test
    void requestsAreSplitByWeight() {
        var setting = split(new Route(3, 90), new Route(4, 9), new Route(5, 1));
        var random = new Random(7);
        int[] counts = new int[3];
        int draws = 200_000;
        for (int i = 0; i < draws; i++) {
            counts[setting.route(random.nextDouble())]++;
        }

        // Four standard deviations of a binomial.
        double[] parts = {0.9, 0.09, 0.01};
        for (int i = 0; i < parts.length; i++) {
            double deviation = Math.sqrt(draws * parts[i] * (1 - parts[i]));
            assertThat((double) counts[i]).isCloseTo(draws * parts[i], within(4 * deviation));
        }
    }

    @Test
    void aRouteBeginsWhereTheOneBeforeItEnds() {
        var setting = split(new Route(3, 3), new Route(4, 1));

        assertThat(setting.route(0)).isZero();
        assertThat(setting.route(Math.nextDown(0.75))).isZero();
        assertThat(setting.route(0.75)).isEqualTo(1);
        assertThat(setting.route(Math.nextDown(1.0))).isEqualTo(1);
    }

    @Test
    void whoHasTheCanaryKeepsItWhenItGetsMore() {
        var before = split(new Route(3, 90), new Route(4, 10));
        var after = split(new Route(3, 50), new Route(4, 50));
        for (double point = 0; point < 1; point += 0.001) {
            if (before.route(point) == 1) {
                assertThat(after.route(point)).isEqualTo(1);
            }
        }
    }

    @Test
    void itNamesItsVersionsAndThatOfItsShadow() {
        assertThat(
                        new AliasSetting(
                                        List.of(new Route(4, 1), new Route(3, 1)),
                                        Optional.of(new Shadow(5, 0.5, Optional.empty())))
                                .versions())
                .containsExactly(3, 4, 5);
    }

    @Test
    void whatMakesNoSenseCannotBeMade() {
        assertThatThrownBy(() -> new Route(3, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(AliasSettingTest::split).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> split(new Route(3, 1), new Route(3, 1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Shadow(1, 1.5, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Shadow(1, 1, Optional.of(-1.0)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "12", "latest", "Prod", "-a", "a@b", "a/b", "ä"})
    void whatIsNoAliasIsRefused(String name) {
        assertThatThrownBy(() -> new AliasName(name)).isInstanceOf(ProblemException.class);
    }
}
