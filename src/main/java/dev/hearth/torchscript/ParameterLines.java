package dev.hearth.torchscript;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lines of a step that are one parameter's own. In a line, {@code $p} is the parameter, {@code
 * $g} its gradient, {@code $exp_avg} its state of that name, and {@code $lr} and the like are its
 * group's.
 *
 * @param number of the parameter among those that are trained
 * @param state the names of what the optimiser keeps of it
 */
record ParameterLines(int number, List<String> state, GroupLines group, List<String> lines) {

    private static final Pattern NAME = Pattern.compile("\\$([a-z_0-9]+)");

    ParameterLines(int number, List<String> state, GroupLines group) {
        this(number, state, group, new ArrayList<>());
    }

    boolean has(String stateName) {
        return state.contains(stateName);
    }

    void add(String line, double... numbers) {
        lines.add(
                NAME.matcher(GroupLines.format(line, numbers))
                        .replaceAll(found -> Matcher.quoteReplacement(variable(found.group(1)))));
    }

    private String variable(String name) {
        if (name.equals("p") || name.equals("g")) {
            return name + "_" + number;
        }
        return has(name) ? attribute(name, number) : group.name(name);
    }

    static String attribute(String state, int parameter) {
        return "self." + state + "_" + parameter;
    }
}
