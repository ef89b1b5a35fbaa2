package dev.hearth.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.model.AliasSetting;
import dev.hearth.model.AliasSetting.Route;
import dev.hearth.problem.ProblemException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values of Python: {@code int.from_bytes(sha256(text).digest()[:8], 'big') >> 11) / 2**53}. */
class RoutingKeyTest {

    private static final ModelReference.Aliased PROD =
            (ModelReference.Aliased) ModelReference.of("iris@prod", null);

    @ParameterizedTest
    @CsvSource({
        "user-1, 0.6004086688302712",
        "user-2, 0.6765488566186766",
        "user-42, 0.1285009398316379",
        "zürich, 0.1398148206633003"
    })
    void aKeyLiesWhereItsHashSays(String key, double point) {
        assertThat(new RoutingKey(key).point(PROD)).isEqualTo(point);
    }

    @Test
    void keysAreSplitByWeightExactlyAsTheirHashesAre() {
        var setting =
                new AliasSetting(List.of(new Route(3, 90), new Route(4, 10)), Optional.empty());
        long canary = 0;
        for (int i = 0; i < 10_000; i++) {
            canary += setting.route(new RoutingKey("user-" + i).point(PROD));
        }

        assertThat(canary).isEqualTo(1027);
    }

    @Test
    void aKeyLiesElsewhereInAnotherAlias() {
        var staging = (ModelReference.Aliased) ModelReference.of("iris@staging", null);

        assertThat(new RoutingKey("user-1").point(staging))
                .isNotEqualTo(new RoutingKey("user-1").point(PROD));
    }

    @Test
    void emptyAndEndlessKeysAreRefused() {
        assertThatThrownBy(() -> new RoutingKey("")).isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> new RoutingKey("x".repeat(257)))
                .isInstanceOf(ProblemException.class);
    }
}
