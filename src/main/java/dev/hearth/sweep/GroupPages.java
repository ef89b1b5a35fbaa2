package dev.hearth.sweep;

import dev.hearth.http.Cursor;
import dev.hearth.http.Page;
import dev.hearth.http.PageRequest;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.run.PartOf;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Lists groups, a page at a time. */
@Component
class GroupPages {

    private final GroupTable table;
    private final Trials trials;

    GroupPages(GroupTable table, Trials trials) {
        this.table = table;
        this.trials = trials;
    }

    /**
     * @param state as the client sent it; null for all
     * @param view of a group and its members
     * @throws ProblemException INVALID_PARAMETER for a state that there is none
     */
    <V> Page<V> page(
            PartOf.Kind kind,
            @Nullable String state,
            PageRequest request,
            BiFunction<RunGroup, List<Trial>, V> view,
            Function<V, Cursor> position) {
        List<RunGroup> found =
                table.page(
                        kind,
                        request.after(),
                        Optional.ofNullable(state).map(GroupPages::state),
                        request.fetchSize());
        Map<UUID, List<Trial>> members = trials.of(found);
        return request.page(
                found.stream()
                        .map(group ->
                                view.apply(group, members.getOrDefault(group.id(), List.of())))
                        .toList(),
                position);
    }

    private static GroupState state(String text) {
        return Arrays.stream(GroupState.values())
                .filter(state -> state.text().equals(text))
                .findFirst()
                .orElseThrow(() ->
                        ProblemException.at(
                                ProblemCode.INVALID_PARAMETER,
                                "state",
                                "expected one of "
                                        + Arrays.stream(GroupState.values())
                                                .map(GroupState::text)
                                                .toList()));
    }
}
