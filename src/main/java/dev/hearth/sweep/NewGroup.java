package dev.hearth.sweep;

import dev.hearth.dataset.DatasetId;
import dev.hearth.run.PartOf;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * A group to be, all of whose runs have been checked.
 *
 * @param name of the model
 * @param run what all runs have in common
 * @param combinations one for each run
 * @param datasets that they need
 */
record NewGroup(
        PartOf.Kind kind,
        String name,
        ObjectNode run,
        RunGroup.Rules rules,
        List<Combination> combinations,
        Set<DatasetId> datasets) {}
