package dev.hearth.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Values at places of the order are those that sorting finds. */
class OrderStatisticsTest {

    private static final int ROWS = 700_000;

    /** Kinds of columns that take different ways. */
    enum Kind {
        /** Soon told apart, and few remain to be sorted. */
        SPREAD {
            @Override
            double value(Random random) {
                return random.nextGaussian() * Math.pow(10, random.nextInt(-300, 300));
            }
        },
        /** Many are the same to the last bit. */
        FEW_DIFFERENT {
            @Override
            double value(Random random) {
                return random.nextInt(-1, 2) * Math.PI;
            }
        },
        /** Differ in their last bits alone. */
        CLOSE {
            @Override
            double value(Random random) {
                return Double.longBitsToDouble(
                        Double.doubleToLongBits(-7.5) + random.nextInt(1 << 15));
            }
        };

        abstract double value(Random random);
    }

    private record Column(List<Double> all) implements Values {
        @Override
        public double at(long row) {
            return all.get((int) row);
        }

        @Override
        public boolean missingAt(long row) {
            return row % 7 == 3;
        }
    }

    @ParameterizedTest
    @EnumSource
    void theValuesAreThoseOfTheSortedColumn(Kind kind) {
        var random = new Random(1);
        var column =
                new Column(IntStream.range(0, ROWS).mapToObj(_ -> kind.value(random)).toList());
        double[] sorted =
                IntStream.range(0, ROWS)
                        .filter(row -> !column.missingAt(row))
                        .mapToDouble(column::at)
                        .map(value -> value + 0.0) // −0 is 0
                        .sorted()
                        .toArray();
        int last = sorted.length - 1;
        long[] ranks = {0, 1, last / 100, last / 2, last / 2 + 1, last / 4, last - 1, last};
        assertThat(OrderStatistics.at(ranks, column, ROWS))
                .containsExactly(
                        Arrays.stream(ranks).mapToDouble(rank -> sorted[(int) rank]).toArray());
    }
}
