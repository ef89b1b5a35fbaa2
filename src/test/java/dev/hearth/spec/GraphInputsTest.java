package dev.hearth.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.spec.ModelPlan.Input;
import dev.hearth.spec.ModelPlan.Range;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GraphInputsTest {

    private static final Encoding ENCODING =
            new Encoding(
                    List.of(
                            new Encoding.Numeric("size"),
                            new Encoding.OneHot("kind", List.of("a", "b", "c")),
                            new Encoding.Flag("new"),
                            new Encoding.Ordinal("grade", List.of("x", "y"))));

    private static Input input(String... columns) {
        return new GraphInputs(Optional.of(Shape.of(6)), Optional.of(ENCODING))
                .of(List.of(new Graph.Input("in", new Graph.Columns(List.of(columns)))))
                .orElseThrow()
                .getFirst();
    }

    @Test
    void columnsThatFollowEachOtherAreOneRange() {
        assertThat(input("size", "kind", "new"))
                .isEqualTo(new Input("in", Shape.of(5), List.of(new Range(0, 5))));
    }

    @Test
    void columnsComeInTheOrderInWhichTheyAreNamed() {
        assertThat(input("grade", "kind", "new", "size"))
                .isEqualTo(
                        new Input(
                                "in",
                                Shape.of(6),
                                List.of(new Range(5, 6), new Range(1, 5), new Range(0, 1))));
    }

    @Test
    void withoutADataSetColumnsAreNotKnown() {
        assertThat(
                        new GraphInputs(Optional.of(Shape.of(6)), Optional.empty())
                                .of(
                                        List.of(
                                                new Graph.Input(
                                                        "in", new Graph.Columns(List.of("size"))))))
                .isEmpty();
    }
}
