package dev.hearth.model;

import dev.hearth.http.Owner;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The aliases of models: what their rows say is what is so. */
@Service
public class Aliases implements ModelUse {

    /** Which setting an alias has. */
    public record Revision(ModelName model, AliasName name, int revision) {}

    private final AliasTable table;
    private final ApplicationEventPublisher events;
    private final InstantSource time;

    Aliases(AliasTable table, ApplicationEventPublisher events, InstantSource time) {
        this.table = table;
        this.events = events;
        this.time = time;
    }

    public Optional<Alias> find(ModelName model, AliasName name) {
        return table.find(model, name);
    }

    /** An alias, or a problem that says which there are. */
    public Alias require(ModelName model, AliasName name) {
        return find(model, name).orElseThrow(() -> missing(model, name));
    }

    /** All aliases of a model, by name. */
    public List<Alias> of(ModelName model) {
        return table.of(model);
    }

    /** Which settings all aliases of all models have. */
    public List<Revision> revisions() {
        return table.revisions();
    }

    /** The settings that an alias has and had, newest first, at most the last 20. */
    public List<AliasChange> changes(ModelName model, AliasName name) {
        return table.changes(model, name);
    }

    @Override
    public Optional<String> user(ModelName model, int version) {
        List<String> names = naming(model, version);
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        names.size() == 1
                                ? "alias '%s' names it; have that name another version, or delete it"
                                        .formatted(names.getFirst())
                                : "aliases %s name it; have them name another version, or delete them"
                                        .formatted(
                                                names.stream()
                                                        .map(name -> "'" + name + "'")
                                                        .collect(Collectors.joining(", "))));
    }

    /** The names of the aliases that name a version. */
    List<String> naming(ModelName model, int version) {
        return table.naming(model, version);
    }

    /** The names of the aliases of some models. */
    Map<String, List<String>> names(Collection<String> models) {
        return table.names(models);
    }

    /**
     * @throws ProblemException PRECONDITION_FAILED where the alias is not what the caller knows
     */
    public void require(ModelName model, AliasName name, AliasCondition condition) {
        condition.require(model, name, find(model, name));
    }

    /**
     * Gives an alias its setting; it is made where it is not there yet. One that has this setting
     * already stays as it is.
     *
     * @throws ProblemException PRECONDITION_FAILED where the alias is not what the caller knows;
     *     INVALID_STATE where a version was deleted meanwhile
     */
    @Transactional
    public Alias set(
            ModelName model, AliasName name, AliasSetting setting, AliasCondition condition) {
        table.lock(model);
        Optional<Alias> current = table.find(model, name);
        condition.require(model, name, current);
        if (current.isPresent() && current.get().setting().equals(setting)) {
            return current.get();
        }
        List<Integer> there = table.keep(model, setting.versions());
        if (there.size() < setting.versions().size()) {
            throw new ProblemException(
                    ProblemCode.INVALID_STATE,
                    "of the versions %s of model '%s' only %s are there; others were deleted"
                            .formatted(setting.versions(), model, there));
        }
        var alias =
                new Alias(
                        model,
                        name,
                        table.nextRevision(model, name),
                        setting,
                        Owner.current(),
                        time.instant().truncatedTo(ChronoUnit.MICROS));
        table.put(alias);
        table.remember(
                model,
                name,
                new AliasChange(
                        alias.revision(),
                        Optional.of(setting),
                        alias.changedBy(),
                        alias.changedAt()));
        events.publishEvent(new AliasChanged(model, name, Optional.of(alias)));
        return alias;
    }

    /**
     * Deletes an alias; the versions stay.
     *
     * @throws ProblemException NOT_FOUND, PRECONDITION_FAILED
     */
    @Transactional
    public void delete(ModelName model, AliasName name, AliasCondition condition) {
        table.lock(model);
        condition.require(model, name, table.find(model, name));
        if (!table.delete(model, name)) {
            throw missing(model, name);
        }
        table.remember(
                model,
                name,
                new AliasChange(
                        table.nextRevision(model, name),
                        Optional.empty(),
                        Owner.current(),
                        time.instant()));
        events.publishEvent(new AliasChanged(model, name, Optional.empty()));
    }

    private ProblemException missing(ModelName model, AliasName name) {
        List<Alias> others = table.of(model);
        return new ProblemException(
                ProblemCode.NOT_FOUND,
                "model '%s' has no alias '%s'; it has %s"
                        .formatted(
                                model,
                                name,
                                others.isEmpty()
                                        ? "none"
                                        : others.stream().map(Alias::name).toList()));
    }
}
