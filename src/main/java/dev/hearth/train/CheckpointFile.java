package dev.hearth.train;

import dev.hearth.torchscript.ProgramState;
import dev.hearth.torchscript.StateDict;
import dev.hearth.torchscript.Sums;
import dev.hearth.torchscript.TensorData;
import dev.hearth.torchscript.TensorFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.DoubleBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A checkpoint as safetensors. Tensors: {@code model.…} by the names of the {@code state_dict},
 * {@code optimizer.…}, {@code schedule.…}, {@code epoch.sums}, and {@code best.…} of the epoch that
 * the run may go back to. Whole numbers stand in the metadata as decimal texts; all others are
 * tensors, which keep their bits.
 */
public final class CheckpointFile {

    /** Raised when another reader would not understand. */
    private static final String VERSION = "1";

    private static final String VERSION_KEY = "hearth_checkpoint";
    private static final String MODEL = "model.";
    private static final String OPTIMIZER = "optimizer.";
    private static final String BEST = "best.";

    private CheckpointFile() {}

    /**
     * @param origin further texts for the file's metadata: what it was made of and by what
     */
    public static void write(Checkpoint checkpoint, Map<String, String> origin, OutputStream out)
            throws IOException {
        Place place = checkpoint.place();
        var metadata = new LinkedHashMap<>(origin);
        metadata.put("format", "pt");
        metadata.put(VERSION_KEY, VERSION);
        metadata.put("epoch", String.valueOf(place.epoch()));
        metadata.put("batch", String.valueOf(place.batch()));
        metadata.put("rows", String.valueOf(place.sums().rows()));
        metadata.put("steps", String.valueOf(place.steps()));
        metadata.put(
                "seeds", String.join(" ", place.seeds().stream().map(String::valueOf).toList()));
        metadata.put("drawn", String.valueOf(place.drawn()));
        metadata.put("epoch_nanos", String.valueOf(place.time().epochNanos()));
        metadata.put("run_nanos", String.valueOf(place.time().runNanos()));
        var tensors = new LinkedHashMap<String, TensorData>();
        put("", checkpoint.program(), checkpoint.rates(), tensors);
        Sums sums = place.sums();
        tensors.put(
                "epoch.sums",
                TensorData.of(
                        sums.counted(),
                        sums.loss(),
                        sums.correct(),
                        sums.absoluteError(),
                        sums.squaredError()));
        checkpoint
                .best()
                .ifPresent(best -> {
                    metadata.put("best_epoch", String.valueOf(best.epoch()));
                    metadata.put("bad_epochs", String.valueOf(best.badEpochs()));
                    tensors.put(BEST + "value", TensorData.of(best.value()));
                    best.kept().ifPresent(kept -> put(BEST, kept.program(), kept.rates(), tensors));
                });
        new StateDict(tensors).writeSafetensors(out, metadata);
    }

    private static void put(
            String prefix,
            ProgramState program,
            LearningRates.State rates,
            SequencedMap<String, TensorData> tensors) {
        program.model()
                .tensors()
                .forEach((name, tensor) -> tensors.put(prefix + MODEL + name, tensor));
        program.optimizer()
                .tensors()
                .forEach((name, tensor) -> tensors.put(prefix + OPTIMIZER + name, tensor));
        tensors.put(prefix + "schedule.lr", vector(rates.lr()));
        tensors.put(prefix + "schedule.momentum", vector(rates.momentum()));
        tensors.put(prefix + "schedule.used", TensorData.of(rates.used()));
        tensors.put(
                prefix + "schedule.counters",
                vector(rates.counters().stream().flatMap(CheckpointFile::numbers).toList()));
    }

    private static Stream<Double> numbers(Scheduler.Counters counters) {
        return Stream.of(
                (double) counters.lastEpoch(),
                (double) counters.sinceRestart(),
                (double) counters.untilRestart(),
                counters.best(),
                (double) counters.badEpochs(),
                (double) counters.cooldown());
    }

    private static TensorData vector(List<Double> values) {
        return TensorData.of(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /**
     * Reads what {@link #write} has written.
     *
     * @throws IllegalArgumentException for what is no checkpoint, or another version's
     */
    public static Checkpoint read(TensorFile file) {
        var metadata = file.metadata();
        if (!VERSION.equals(metadata.get(VERSION_KEY))) {
            throw new IllegalArgumentException(
                    "expected a checkpoint of version %s, got %s"
                            .formatted(VERSION, metadata.get(VERSION_KEY)));
        }
        StateDict tensors = file.tensors();
        double[] sums = doubles(tensors, "epoch.sums");
        var place =
                new Place(
                        Math.toIntExact(number(metadata, "epoch")),
                        number(metadata, "batch"),
                        new Sums(
                                number(metadata, "rows"),
                                sums[0],
                                sums[1],
                                sums[2],
                                sums[3],
                                sums[4]),
                        number(metadata, "steps"),
                        Arrays.stream(text(metadata, "seeds").split(" "))
                                .map(Long::valueOf)
                                .toList(),
                        number(metadata, "drawn"),
                        new Place.Time(
                                number(metadata, "epoch_nanos"), number(metadata, "run_nanos")));
        return new Checkpoint(
                place, program("", tensors), rates("", tensors), best(metadata, tensors));
    }

    /**
     * The model as it is evaluated at that moment: with averaged parameters where there are such.
     */
    public static StateDict model(TensorFile file) {
        StateDict tensors = file.tensors();
        ProgramState program = program("", tensors);
        boolean averaged = doubles(program.optimizer(), "steps")[1] > 0;
        var model = new LinkedHashMap<>(program.model().tensors());
        if (averaged) {
            model.replaceAll((name, tensor) ->
                    program.optimizer().tensors().getOrDefault("average." + name, tensor));
        }
        return new StateDict(model);
    }

    private static Optional<Improvement.State> best(
            Map<String, String> metadata, StateDict tensors) {
        if (!metadata.containsKey("best_epoch")) {
            return Optional.empty();
        }
        Optional<Improvement.Kept> kept =
                tensors.tensors().containsKey(BEST + "schedule.lr")
                        ? Optional.of(
                                new Improvement.Kept(program(BEST, tensors), rates(BEST, tensors)))
                        : Optional.empty();
        return Optional.of(
                new Improvement.State(
                        doubles(tensors, BEST + "value")[0],
                        Math.toIntExact(number(metadata, "best_epoch")),
                        Math.toIntExact(number(metadata, "bad_epochs")),
                        kept));
    }

    private static ProgramState program(String prefix, StateDict tensors) {
        return new ProgramState(part(prefix + MODEL, tensors), part(prefix + OPTIMIZER, tensors));
    }

    private static StateDict part(String prefix, StateDict all) {
        var part = new LinkedHashMap<String, TensorData>();
        all.tensors()
                .forEach((name, tensor) -> {
                    if (name.startsWith(prefix)) {
                        part.put(name.substring(prefix.length()), tensor);
                    }
                });
        return new StateDict(part);
    }

    private static LearningRates.State rates(String prefix, StateDict tensors) {
        double[] flat = doubles(tensors, prefix + "schedule.counters");
        List<Scheduler.Counters> counters =
                IntStream.range(0, flat.length / 6)
                        .map(i -> i * 6)
                        .mapToObj(i ->
                                new Scheduler.Counters(
                                        (long) flat[i],
                                        (long) flat[i + 1],
                                        (long) flat[i + 2],
                                        flat[i + 3],
                                        (long) flat[i + 4],
                                        (long) flat[i + 5]))
                        .toList();
        return new LearningRates.State(
                list(doubles(tensors, prefix + "schedule.lr")),
                list(doubles(tensors, prefix + "schedule.momentum")),
                doubles(tensors, prefix + "schedule.used")[0],
                counters);
    }

    private static List<Double> list(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    private static double[] doubles(StateDict tensors, String name) {
        DoubleBuffer buffer = tensors.tensor(name).bytes().asDoubleBuffer();
        var values = new double[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    private static long number(Map<String, String> metadata, String key) {
        return Long.parseLong(text(metadata, key));
    }

    private static String text(Map<String, String> metadata, String key) {
        String text = metadata.get(key);
        if (text == null) {
            throw new IllegalArgumentException("the checkpoint does not tell its " + key);
        }
        return text;
    }
}
