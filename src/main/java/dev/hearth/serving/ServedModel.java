package dev.hearth.serving;

import dev.hearth.model.ModelVersion;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.spec.BlockInput;
import dev.hearth.spec.Encoding;
import dev.hearth.torchscript.Cell;
import dev.hearth.torchscript.FloatRows;
import dev.hearth.torchscript.Laps;
import dev.hearth.torchscript.ScoreProgram;
import dev.hearth.torchscript.ServingProgram;
import dev.hearth.torchscript.UnfitValuesException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** A version in memory: its program, and the requests that wait for it. */
final class ServedModel implements AutoCloseable {

    private final ModelVersion version;
    private final ServingProgram program;
    private final Lane<Rows, float[]> lane;
    private final Lane<Function<ScoreProgram, FloatRows>, FloatRows> explaining;

    ServedModel(
            ModelVersion version,
            ServingProgram program,
            BatchLimits limits,
            ServingMeters meters) {
        this.version = version;
        this.program = program;
        this.lane = new Lane<>(limits, this::answer, meters.of(version));
        this.explaining =
                new Lane<>(limits.oneByOne(), this::compute, meters.explainingOf(version));
    }

    ModelVersion version() {
        return version;
    }

    Lane<Rows, float[]> lane() {
        return lane;
    }

    /** Where the pieces of explanations wait. */
    Lane<Function<ScoreProgram, FloatRows>, FloatRows> explaining() {
        return explaining;
    }

    /**
     * Computes once what any row would, so that the first request finds all of it done.
     *
     * @throws ProblemException MODEL_NOT_READY if the model cannot be computed with
     */
    void warmUp() {
        try {
            switch (version.input()) {
                case Encoding encoding ->
                        program.predict(new double[encoding.features().size()], 1);
                case BlockInput block -> program.predictZeros(block);
            }
        } catch (UnfitValuesException _) {
            // Zeros are not what every model has an answer to; the program is there and runs.
        } catch (RuntimeException e) {
            throw new ProblemException(
                    ProblemCode.MODEL_NOT_READY,
                    "version %d of model '%s' cannot be computed with: its warm-up failed; train or import it again"
                            .formatted(version.number(), version.name()),
                    e);
        }
    }

    private List<float[]> answer(List<Rows> questions, Laps laps) {
        if (questions.size() == 1) {
            return List.of(output(questions.getFirst(), laps));
        }
        var joined = joined(questions);
        float[] output = output(joined, laps);
        long begin = System.nanoTime();
        int width = output.length / joined.count();
        var answers = new ArrayList<float[]>(questions.size());
        int first = 0;
        for (var rows : questions) {
            answers.add(Arrays.copyOfRange(output, first * width, (first + rows.count()) * width));
            first += rows.count();
        }
        laps.output(System.nanoTime() - begin);
        return answers;
    }

    private float[] output(Rows rows, Laps laps) {
        return fitting(() ->
                switch (rows) {
                    case Rows.OfTable table -> program.predict(table.raw(), table.count(), laps);
                    case Rows.OfBlock(List<Cell> cells) -> program.predict(cells, laps);
                });
    }

    private List<FloatRows> compute(List<Function<ScoreProgram, FloatRows>> pieces, Laps laps) {
        return pieces.stream().map(piece -> fitting(() -> piece.apply(program.scores()))).toList();
    }

    private static <T> T fitting(Supplier<T> work) {
        try {
            return work.get();
        } catch (UnfitValuesException e) {
            throw new ProblemException(
                    ProblemCode.INVALID_INPUT, String.valueOf(e.getMessage()), e);
        }
    }

    /** All requests to a version are of the kind that it takes. */
    private static Rows joined(List<Rows> questions) {
        return switch (questions.getFirst()) {
            case Rows.OfTable _ -> joinedTables(questions);
            case Rows.OfBlock _ ->
                    new Rows.OfBlock(
                            questions.stream()
                                    .map(Rows.OfBlock.class::cast)
                                    .flatMap(block -> block.cells().stream())
                                    .toList());
        };
    }

    private static Rows.OfTable joinedTables(List<Rows> questions) {
        var tables = questions.stream().map(Rows.OfTable.class::cast).toList();
        var raw = new double[tables.stream().mapToInt(table -> table.raw().length).sum()];
        int end = 0;
        for (var table : tables) {
            System.arraycopy(table.raw(), 0, raw, end, table.raw().length);
            end += table.raw().length;
        }
        return new Rows.OfTable(raw, tables.stream().mapToInt(Rows.OfTable::count).sum());
    }

    @Override
    public void close() {
        program.close();
    }
}
