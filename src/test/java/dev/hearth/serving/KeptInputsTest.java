package dev.hearth.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hearth.Client;
import dev.hearth.HearthTest;
import dev.hearth.torchscript.ServingProgram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A program keeps the inputs of few rows from call to call. */
@HearthTest
class KeptInputsTest {

    private static final int COLUMNS = 4;
    private static final int CLASSES = 3;
    private static final int FLOWERS = 50;
    private static final int MOST_ROWS = 20;

    @Autowired Client client;

    @Test
    void whateverWasAskedBeforeAndIsAskedMeanwhileEachRowHasItsOwnAnswer()
            throws InterruptedException, ExecutionException {
        new IrisVersions(client, "kept-inputs").train();
        byte[] archive =
                client.get("/v1/models/kept-inputs/versions/1/files/model.torchscript.pt").body();
        double[] flowers =
                new Random(1).doubles((long) FLOWERS * COLUMNS).map(each -> 8 * each).toArray();
        float[] expected;
        try (var program = ServingProgram.load(archive, "cpu")) {
            expected = program.predict(flowers, FLOWERS);
        }

        try (var program = ServingProgram.load(archive, "cpu");
                var threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> askers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                var random = new Random(i);
                askers.add(
                        threads.submit(() -> {
                            for (int call = 0; call < 500; call++) {
                                requireAnswers(program, random, flowers, expected);
                            }
                        }));
            }
            for (var asker : askers) {
                asker.get();
            }
        }
    }

    private static void requireAnswers(
            ServingProgram program, Random random, double[] flowers, float[] expected) {
        int rows = 1 + random.nextInt(MOST_ROWS);
        int first = random.nextInt(FLOWERS - rows);
        float[] answer =
                program.predict(
                        Arrays.copyOfRange(flowers, first * COLUMNS, (first + rows) * COLUMNS),
                        rows);
        assertThat(answer)
                .containsExactly(
                        Arrays.copyOfRange(expected, first * CLASSES, (first + rows) * CLASSES),
                        within(1e-6f));
    }
}
