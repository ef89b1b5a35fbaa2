package dev.hearth.spec;

import java.util.List;

/**
 * Parameters with arguments of their own, {@code param_groups} in PyTorch.
 *
 * @param patterns of the names of its parameters
 * @param optimizer the same optimiser, with the group's arguments
 */
public record ParameterGroup(List<NamePattern> patterns, OptimizerSpec optimizer) {
    public ParameterGroup {
        patterns = List.copyOf(patterns);
    }

    boolean matches(String name) {
        return patterns.stream().anyMatch(pattern -> pattern.matches(name));
    }
}
