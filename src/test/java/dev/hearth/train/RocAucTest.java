package dev.hearth.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.torchscript.Measurements.Scored;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RocAucTest {

    @Test
    void itIsTheFractionOfPairsInTheRightOrder() {
        assertThat(
                        RocAuc.of(
                                new float[] {0.1f, 0.4f, 0.35f, 0.8f},
                                new boolean[] {false, false, true, true}))
                .hasValue(0.75);
    }

    @Test
    void equalScoresCountHalf() {
        assertThat(
                        RocAuc.of(
                                new float[] {0.5f, 0.5f, 0.5f, 0.2f},
                                new boolean[] {true, false, true, false}))
                .hasValue(0.75);
        assertThat(RocAuc.of(new float[] {0f, -0f, 0f}, new boolean[] {true, false, false}))
                .as("both zeros are one number")
                .hasValue(0.5);
    }

    @Test
    void negativeScoresAreBelowPositiveOnes() {
        assertThat(RocAuc.of(new float[] {-2, -1, 1, 2}, new boolean[] {false, false, true, true}))
                .hasValue(1);
        assertThat(RocAuc.of(new float[] {-1, -2}, new boolean[] {false, true})).hasValue(0);
    }

    @Test
    void rowsThatAreAllTheSameHaveNone() {
        assertThat(RocAuc.of(new float[] {1, 2}, new boolean[] {true, true})).isEmpty();
        assertThat(RocAuc.of(new float[0], new boolean[0])).isEmpty();
    }

    @Test
    void everyPairCountedOneByOneGivesTheSame() {
        var random = new Random(5);
        var scores = new float[300];
        var yes = new boolean[300];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = random.nextInt(-20, 20) / 8f;
            yes[i] = random.nextInt(3) == 0;
        }
        double pairs = 0;
        double right = 0;
        for (int i = 0; i < scores.length; i++) {
            for (int j = 0; j < scores.length; j++) {
                if (yes[i] && !yes[j]) {
                    pairs++;
                    right += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                }
            }
        }

        assertThat(RocAuc.of(scores, yes)).hasValue(right / pairs);
    }

    @Test
    void eachClassIsAgainstAllOthersAndTheIgnoredOneIsLeftOut() {
        // Rows of classes 0, 1, 2, 0; the last class is never above another.
        var scored =
                new Scored(
                        new float[] {
                            0.7f, 0.2f, 0.1f, 0.3f, 0.6f, 0.1f, 0.5f, 0.4f, 0.1f, 0.4f, 0.5f, 0.1f
                        },
                        new double[] {0, 1, 2, 0},
                        3);

        OptionalDouble[] each = RocAuc.each(scored, -100);

        assertThat(each[0]).hasValue(0.75);
        assertThat(each[1]).hasValue(1);
        assertThat(each[2]).hasValue(0.5);
        assertThat(RocAuc.mean(each)).hasValue(0.75);
        assertThat(RocAuc.each(scored, 2)[0]).hasValue(1);
        assertThat(RocAuc.each(scored, 2)[2]).isEmpty();
    }
}
