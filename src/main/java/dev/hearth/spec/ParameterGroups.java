package dev.hearth.spec;

import java.util.ArrayList;
import java.util.List;

/**
 * Which parameter belongs to which group. Groups are in PyTorch's order, those that are written in
 * the specification first and then the one of all others, if there are others; an optimiser's
 * {@code state_dict} numbers the parameters in this order.
 *
 * @param frozen names of the parameters that are left as they are
 */
public record ParameterGroups(List<Group> groups, List<String> frozen) {

    public ParameterGroups {
        groups = List.copyOf(groups);
        frozen = List.copyOf(frozen);
    }

    /**
     * @param parameters their names, in the model's order
     */
    public record Group(OptimizerSpec optimizer, List<String> parameters) {
        public Group {
            parameters = List.copyOf(parameters);
        }
    }

    /**
     * @param names of all parameters, in the model's order
     */
    public static ParameterGroups of(OptimizationSpec spec, List<String> names) {
        var frozen = new ArrayList<String>();
        var members = new ArrayList<List<String>>();
        spec.groups().forEach(_ -> members.add(new ArrayList<>()));
        var others = new ArrayList<String>();
        for (String name : names) {
            if (spec.freeze().stream().anyMatch(pattern -> pattern.matches(name))) {
                frozen.add(name);
            } else {
                int group = firstMatch(spec.groups(), name);
                (group < 0 ? others : members.get(group)).add(name);
            }
        }
        var groups = new ArrayList<Group>();
        for (int i = 0; i < members.size(); i++) {
            groups.add(new Group(spec.groups().get(i).optimizer(), members.get(i)));
        }
        if (!others.isEmpty()) {
            groups.add(new Group(spec.optimizer(), others));
        }
        return new ParameterGroups(groups, frozen);
    }

    private static int firstMatch(List<ParameterGroup> groups, String name) {
        for (int i = 0; i < groups.size(); i++) {
            if (groups.get(i).matches(name)) {
                return i;
            }
        }
        return -1;
    }

    /** The optimisers of the groups, with their arguments. */
    public List<OptimizerSpec> optimizers() {
        return groups.stream().map(Group::optimizer).toList();
    }
}
