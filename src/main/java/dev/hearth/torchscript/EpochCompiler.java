package dev.hearth.torchscript;

import java.util.ArrayList;
import java.util.List;

/**
 * Compiles what a run draws apart from its steps: the generator itself, and the order of an epoch's
 * rows. TorchScript drops a draw whose result is not used, and would then get out of step with
 * PyTorch; so each draw's result is a part of an answer.
 *
 * @param random expressions of the modules that draw in training
 * @param shuffle whether {@code RandomSampler} draws a seed of its own
 * @param device libtorch's name
 */
record EpochCompiler(List<String> random, boolean shuffle, String device) {

    private static final String CPU = "torch.device(\"cpu\")";

    /** Numbers that {@link #seek} throws away at once. */
    private static final int CHUNK = 1 << 20;

    EpochCompiler {
        random = List.copyOf(random);
    }

    private boolean isOnCpu() {
        return device.equals("cpu");
    }

    /** From {@code seed} to the run's generator {@code g}, which the modules draw from, too. */
    List<String> generator() {
        var lines = new ArrayList<String>();
        lines.add("g = torch.Generator(device=" + CPU + ", seed=int(seed))");
        lines.add("self.generator = g");
        if (isOnCpu()) {
            random.forEach(module -> lines.add(module + "." + Layers.GENERATOR + " = g"));
        }
        return lines;
    }

    /** Draws the epoch's seeds; answers the order of the rows, {@code [rows]}, and the seeds. */
    List<String> start() {
        var lines = new ArrayList<String>();
        lines.add("seeds = " + draw(shuffle ? 2 : 1));
        lines.addAll(order());
        lines.add("return [order, seeds]");
        return lines;
    }

    /** The order of the rows of an epoch whose seeds have been drawn before. */
    List<String> resume() {
        var lines = new ArrayList<>(order());
        lines.add("return order");
        return lines;
    }

    /**
     * On another device than the CPU, modules draw there, and such a generator cannot be brought to
     * a place within its numbers. So it begins anew in each epoch, with the seed that {@code
     * DataLoader} draws for workers that do not exist.
     */
    private List<String> order() {
        var lines = new ArrayList<String>();
        if (!isOnCpu() && !random.isEmpty()) {
            lines.add(
                    "d = torch.Generator(device=torch.device(\"%s\"), seed=int(torch.select(seeds, 0, 0)))"
                            .formatted(device));
            random.forEach(module -> lines.add(module + "." + Layers.GENERATOR + " = d"));
        }
        if (shuffle) {
            lines.add(
                    "sampler = torch.Generator(device="
                            + CPU
                            + ", seed=int(torch.select(seeds, 0, 1)))");
            lines.add("order = torch.randperm(int(rows), generator=sampler)");
        } else {
            lines.add("order = torch.add(torch.arange(int(rows)), torch.mul(seeds, 0))");
        }
        lines.add("order = torch.to(order, torch.device(\"" + device + "\"))");
        return lines;
    }

    /** Numbers by which the generator's place can be found. */
    static List<String> probe() {
        return List.of("return " + draw(2));
    }

    private static String draw(int count) {
        return "torch.random_(torch.empty([%d], dtype=4), generator=self.generator)"
                .formatted(count);
    }

    /**
     * A generator of {@code seed} that has made {@code drawn} numbers of 32 bits; each INT32 takes
     * one.
     */
    List<String> seek() {
        var lines = new ArrayList<>(generator());
        lines.add("left = int(drawn)");
        lines.add("last = torch.zeros([1], dtype=3)");
        lines.add("for i in range(torch.floordiv(left, " + CHUNK + ")):");
        lines.add(
                "  last = torch.add(last, torch.slice(torch.random_(torch.empty([%d], dtype=3), generator=g), 0, 0, 1))"
                        .formatted(CHUNK));
        lines.add(
                "rest = torch.random_(torch.empty([torch.remainder(left, %d)], dtype=3), generator=g)"
                        .formatted(CHUNK));
        lines.add("return torch.add(last, torch.sum(rest, dtype=3))");
        return lines;
    }
}
