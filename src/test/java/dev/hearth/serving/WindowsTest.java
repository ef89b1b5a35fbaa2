package dev.hearth.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.problem.ProblemException;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which numbers of an input are hidden together. */
class WindowsTest {

    @Test
    void aWindowGoesThroughAllChannelsAndIsCutOffAtTheEnd() {
        var windows = sliding(List.of(2L, 3L, 4L), 2, 2);

        assertThat(windows.count()).isEqualTo(4);
        assertThat(windows.places(0)).containsExactly(0, 1, 4, 5, 12, 13, 16, 17);
        assertThat(windows.places(1)).containsExactly(2, 3, 6, 7, 14, 15, 18, 19);
        assertThat(windows.places(3)).containsExactly(10, 11, 22, 23);
    }

    @Test
    void aTensorOfOneDimensionHasWindowsAlongIt() {
        var windows = sliding(List.of(5L), 2, 1);

        assertThat(IntStream.range(0, windows.count()).mapToObj(windows::places))
                .containsExactly(
                        new int[] {0, 1}, new int[] {1, 2}, new int[] {2, 3}, new int[] {3, 4});
    }

    @Test
    void aWindowLongerThanTheShorterSideCoversItWhole() {
        var windows = sliding(List.of(2L, 6L), 3, 3);

        assertThat(IntStream.range(0, windows.count()).mapToObj(windows::places))
                .containsExactly(new int[] {0, 1, 2, 6, 7, 8}, new int[] {3, 4, 5, 9, 10, 11});
    }

    @Test
    void everyNumberIsInSomeWindowWhateverTheSizes() {
        for (long height = 1; height < 8; height++) {
            for (long width = 1; width < 8; width++) {
                for (int side = 1; side <= Math.max(height, width); side++) {
                    for (int stride = 1; stride <= side; stride++) {
                        var windows = sliding(List.of(height, width), side, stride);
                        assertThat(
                                        IntStream.range(0, windows.count())
                                                .flatMap(i -> IntStream.of(windows.places(i)))
                                                .distinct()
                                                .count())
                                .isEqualTo(height * width);
                    }
                }
            }
        }
    }

    @Test
    void withoutSizesThereAreAboutTwoHundred() {
        assertThat(usual(List.of(1L, 28L, 28L)))
                .isEqualTo(new Windows.Sliding(List.of(1L, 28L, 28L), 4, 2));
        assertThat(usual(List.of(1L, 28L, 28L)).count()).isEqualTo(169);
        assertThat(usual(List.of(3L, 224L, 224L)).count()).isEqualTo(225);
    }

    @Test
    void whatWouldLeaveSomethingOutIsRefused() {
        assertThatThrownBy(() -> sliding(List.of(1L, 8L, 8L), 2, 3))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("stride");
        assertThatThrownBy(() -> sliding(List.of(1L, 8L, 8L), 9, 3))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("at most 8");
    }

    private static Windows sliding(List<Long> shape, int window, int stride) {
        return Windows.Sliding.of(shape, OptionalInt.of(window), OptionalInt.of(stride));
    }

    private static Windows usual(List<Long> shape) {
        return Windows.Sliding.of(shape, OptionalInt.empty(), OptionalInt.empty());
    }
}
