package dev.hearth.sweep;

import dev.hearth.run.RunPart;
import dev.hearth.run.RunParts;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Finds the members of groups with their runs. */
@Component
class Trials {

    private final GroupTable table;
    private final RunParts runs;

    Trials(GroupTable table, RunParts runs) {
        this.table = table;
        this.runs = runs;
    }

    /** In the order of their numbers. */
    List<Trial> of(RunGroup group) {
        return of(List.of(group)).getOrDefault(group.id(), List.of());
    }

    /** By group, in the order of their numbers. */
    Map<UUID, List<Trial>> of(Collection<RunGroup> groups) {
        List<UUID> ids = groups.stream().map(RunGroup::id).toList();
        var started = new HashMap<UUID, Map<Integer, RunPart>>();
        for (RunPart run : runs.all(ids)) {
            started.computeIfAbsent(run.part().id(), _ -> new HashMap<>())
                    .put(run.part().number(), run);
        }
        return table.members(ids).stream()
                .map(member ->
                        new Trial(
                                member,
                                Optional.ofNullable(
                                        started.getOrDefault(member.group(), Map.of())
                                                .get(member.number()))))
                .collect(Collectors.groupingBy(trial -> trial.member().group()));
    }
}
