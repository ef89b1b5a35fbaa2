package dev.hearth.serving;

import dev.hearth.model.Alias;
import dev.hearth.model.AliasChange;
import dev.hearth.model.AliasCondition;
import dev.hearth.model.AliasName;
import dev.hearth.model.AliasSetting;
import dev.hearth.model.Aliases;
import dev.hearth.model.ModelName;
import dev.hearth.model.ModelVersion;
import dev.hearth.model.Models;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Service;

/**
 * Has an alias stand for other versions, once they are in memory, warm, and known to answer as they
 * should. Until then, and if they do not, it stays as it was.
 */
@Service
class AliasSwitch {

    private static final String SHADOW_POINTER = "/shadow/version";

    private final Models models;
    private final Aliases aliases;
    private final LoadedModels loaded;
    private final GoldenRows golden;

    AliasSwitch(Models models, Aliases aliases, LoadedModels loaded, GoldenRows golden) {
        this.models = models;
        this.aliases = aliases;
        this.loaded = loaded;
        this.golden = golden;
    }

    /**
     * Gives an alias a setting.
     *
     * @throws ProblemException PRECONDITION_FAILED where the alias is not what the caller knows;
     *     INVALID_REQUEST where versions are not there or cannot stand in for one another;
     *     MODEL_NOT_READY where one cannot be computed with; GOLDEN_ROWS_FAILED
     */
    Alias set(ModelName model, AliasName name, AliasSetting setting, AliasCondition condition) {
        aliases.require(model, name, condition);
        List<ModelVersion> routes = checked(model, setting, ProblemCode.INVALID_REQUEST);
        golden.requirePassed(model, routes);
        return aliases.set(model, name, setting, condition);
    }

    /**
     * Goes back to a former setting. The golden rows are not asked: the setting has been in use,
     * and they may be newer.
     *
     * @param revision of the setting; empty for the one before the present one
     * @throws ProblemException NOT_FOUND where there is no such setting; INVALID_STATE where
     *     versions are gone; otherwise as {@link #set}
     */
    Alias rollBack(
            ModelName model,
            AliasName name,
            Optional<Integer> revision,
            AliasCondition condition) {
        Alias current = aliases.require(model, name);
        aliases.require(model, name, condition);
        AliasSetting former = former(current, revision);
        checked(model, former, ProblemCode.INVALID_STATE);
        return aliases.set(
                model,
                name,
                former,
                condition.ifMatch() == null
                        ? new AliasCondition(AliasCondition.etag(current), null)
                        : condition);
    }

    private AliasSetting former(Alias current, Optional<Integer> revision) {
        List<AliasChange> others =
                aliases.changes(current.model(), current.name()).stream()
                        .filter(change -> change.revision() < current.revision())
                        .filter(change -> change.setting().isPresent())
                        .toList();
        return others.stream()
                .filter(change -> revision.isEmpty() || revision.get() == change.revision())
                .findFirst()
                .flatMap(AliasChange::setting)
                .orElseThrow(() ->
                        new ProblemException(
                                ProblemCode.NOT_FOUND,
                                "alias %s has no setting to go back to%s; it has had the revisions %s"
                                        .formatted(
                                                current,
                                                revision.map(each -> " of revision " + each)
                                                        .orElse(""),
                                                others.stream()
                                                        .map(AliasChange::revision)
                                                        .toList())));
    }

    /**
     * The versions that answer, in memory.
     *
     * @param code of what is wrong with the setting itself
     */
    private List<ModelVersion> checked(ModelName model, AliasSetting setting, ProblemCode code) {
        List<Integer> there = models.numbers(model);
        var violations = new ArrayList<Violation>();
        for (int i = 0; i < setting.routes().size(); i++) {
            requireThere(model, setting.routes().get(i).version(), pointer(i), there, violations);
        }
        setting.shadow()
                .ifPresent(shadow ->
                        requireThere(
                                model, shadow.version(), SHADOW_POINTER, there, violations));
        requireNone(violations, code);
        List<ModelVersion> routes =
                setting.routes().stream()
                        .map(route -> models.require(model, route.version()))
                        .toList();
        Optional<ModelVersion> shadow =
                setting.shadow().map(each -> models.require(model, each.version()));
        requireInterchangeable(routes, shadow, violations);
        requireNone(violations, code);
        load(routes, shadow, violations);
        requireNone(violations, ProblemCode.MODEL_NOT_READY);
        return routes;
    }

    private static String pointer(int route) {
        return "/versions/%d/version".formatted(route);
    }

    private static void requireThere(
            ModelName model,
            int version,
            String pointer,
            List<Integer> there,
            List<Violation> violations) {
        if (!there.contains(version)) {
            violations.add(
                    new Violation(
                            pointer,
                            "model '%s' has no version %d; it has %s"
                                    .formatted(
                                            model,
                                            version,
                                            there.size() > 20
                                                    ? "%d to %d"
                                                            .formatted(
                                                                    there.getFirst(),
                                                                    there.getLast())
                                                    : there)));
        }
    }

    private static void requireInterchangeable(
            List<ModelVersion> routes, Optional<ModelVersion> shadow, List<Violation> violations) {
        ModelVersion first = routes.getFirst();
        for (int i = 1; i < routes.size(); i++) {
            String pointer = pointer(i);
            Interchange.refusal(first, routes.get(i))
                    .ifPresent(why ->
                            violations.add(
                                    new Violation(
                                            pointer,
                                            "cannot share requests: %s".formatted(why))));
        }
        shadow.flatMap(each -> Interchange.shadowRefusal(first, each))
                .ifPresent(why ->
                        violations.add(
                                new Violation(
                                        SHADOW_POINTER,
                                        "cannot be asked the same: %s".formatted(why))));
    }

    private void load(
            List<ModelVersion> routes, Optional<ModelVersion> shadow, List<Violation> violations) {
        for (int i = 0; i < routes.size(); i++) {
            load(routes.get(i), pointer(i), violations);
        }
        shadow.ifPresent(each -> load(each, SHADOW_POINTER, violations));
    }

    private void load(ModelVersion version, String pointer, List<Violation> violations) {
        try {
            loaded.load(version);
        } catch (ProblemException e) {
            if (e.code() != ProblemCode.MODEL_NOT_READY) {
                throw e;
            }
            violations.add(new Violation(pointer, e.detail()));
        }
    }

    private static void requireNone(List<Violation> violations, ProblemCode code) {
        if (!violations.isEmpty()) {
            throw new ProblemException(
                    code,
                    "the alias stays as it was: %s: %s"
                            .formatted(
                                    violations.getFirst().pointer(),
                                    violations.getFirst().message()),
                    violations);
        }
    }
}
