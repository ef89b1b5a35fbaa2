package dev.hearth.spec;

import static dev.hearth.spec.Specs.JSON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.problem.Violation;
import java.util.List;
import org.junit.jupiter.api.Test;

class ColumnStepReaderTest {

    @Test
    void aStepIsANameOrAnObjectAndAColumnHasOneOrSeveral() {
        var errors = new SpecErrors();

        var columns =
                new ColumnStepReader(errors)
                        .read(
                                JSON.readTree(
                                        """
                                        {"income": ["Log1p", {"type": "Clip", "max": 12}, "MinMaxScaler"],
                                         "city": "Ordinal", "rooms": []}
                                        """),
                                "");

        assertThat(errors.isEmpty()).isTrue();
        assertThat(columns)
                .containsEntry(
                        "income",
                        List.of(
                                new ColumnStep.Log1p(),
                                new ColumnStep.Clip(-Double.MAX_VALUE, 12),
                                new ColumnStep.MinMaxScaler(0, 1)))
                .containsEntry("city", List.of(new ColumnStep.Ordinal()))
                .containsEntry("rooms", List.of());
    }

    @Test
    void everythingThatIsWrongIsToldWithItsPlace() {
        var problem =
                Specs.problem(() -> {
                    var errors = new SpecErrors();
                    new ColumnStepReader(errors)
                            .read(
                                    JSON.readTree(
                                            """
                                            {"a": ["Log1p", "OneHot"],
                                             "b/c": {"type": "Clip", "min": 2, "max": 1},
                                             "d": {"type": "MinMaxScaler", "feature_range": [1, 1]},
                                             "e": "MinMaxScalar",
                                             "f": {"type": "RobustScaler", "quantile_range": [-1, 75]},
                                             "g": {"type": "Clip"}}
                                            """),
                                    "/preprocessing/columns");
                    errors.throwIfAny();
                });

        assertThat(problem.violations())
                .extracting(Violation::pointer)
                .containsExactly(
                        "/preprocessing/columns/a/1",
                        "/preprocessing/columns/b~1c/max",
                        "/preprocessing/columns/d/feature_range",
                        "/preprocessing/columns/e",
                        "/preprocessing/columns/f/quantile_range",
                        "/preprocessing/columns/g/min");
        assertThat(problem.violations().get(3).message()).contains("did you mean \"MinMaxScaler\"");
    }
}
