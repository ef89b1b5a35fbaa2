package dev.hearth.torchscript;

import dev.hearth.spec.OptimizerSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lines of a step that all parameters of a group share. In a line, {@code $lr} is the group's
 * variable of that name and {@code #} the group's number.
 */
final class GroupLines {

    private static final Pattern NAME = Pattern.compile("\\$([a-z_0-9]+)");

    private final OptimizerSpec optimizer;
    private final int number;
    private final boolean cyclesMomentum;
    private final List<String> lines = new ArrayList<>();

    /**
     * Begins with the group's learning rate, from a variable {@code rate}: {@code [groups ×
     * columns]} of {@link StepRates}.
     */
    GroupLines(OptimizerSpec optimizer, int number, boolean cyclesMomentum) {
        this.optimizer = optimizer;
        this.number = number;
        this.cyclesMomentum = cyclesMomentum;
        let("lr", rate(0));
    }

    OptimizerSpec optimizer() {
        return optimizer;
    }

    List<String> lines() {
        return lines;
    }

    String name(String name) {
        return name + "_" + number;
    }

    /** The momentum, or the first of the betas: the optimiser's own, or what a schedule gives. */
    void momentum(String name, double own) {
        let(name, cyclesMomentum ? rate(1) : Double.toString(own));
    }

    void let(String name, String expression) {
        add(name(name) + " = " + expression);
    }

    void add(String line, double... numbers) {
        lines.add(resolve(format(line, numbers)));
    }

    private String rate(int column) {
        int place = number * StepRates.columns(cyclesMomentum) + column;
        return "float(torch.select(rate, 0, " + place + "))";
    }

    /** Each {@code %s} of the line replaced by one of the numbers, with all its digits. */
    static String format(String line, double... numbers) {
        return line.formatted(Arrays.stream(numbers).boxed().toArray());
    }

    private String resolve(String line) {
        return NAME.matcher(line)
                .replaceAll(found -> Matcher.quoteReplacement(name(found.group(1))))
                .replace("#", Integer.toString(number));
    }
}
