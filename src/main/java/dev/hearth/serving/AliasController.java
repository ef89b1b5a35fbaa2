package dev.hearth.serving;

import dev.hearth.http.JsonBody;
import dev.hearth.http.Page;
import dev.hearth.http.PageRequest;
import dev.hearth.model.Alias;
import dev.hearth.model.AliasCondition;
import dev.hearth.model.AliasName;
import dev.hearth.model.AliasSetting;
import dev.hearth.model.Aliases;
import dev.hearth.model.ModelName;
import dev.hearth.model.Models;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.serving.ShadowMeters.Outcome;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Aliases over HTTP. */
@RestController
@RequestMapping("/v1/models/{name}/aliases")
@Tag(
        name = AliasController.TAG,
        description = "Which versions answer: aliases, golden rows, shadows")
class AliasController {

    static final String TAG = "Aliases";

    /**
     * How a shadow has answered, in this process, since the alias has its setting.
     *
     * @param same requests that it answered as the real version did
     * @param different those that it answered otherwise
     * @param dropped those that it was not asked, as there was no room
     * @param failed those that it had no answer to
     * @param largestDifference of two outputs: probabilities, or values in their unit
     */
    @Schema(name = "AliasShadowReport")
    record ShadowReport(
            int version,
            double fraction,
            @Nullable Double tolerance,
            Instant since,
            long same,
            long different,
            long dropped,
            long failed,
            double largestDifference) {}

    private final Models models;
    private final Aliases aliases;
    private final AliasSwitch switching;
    private final ShadowMeters shadows;
    private final JsonBody json;

    AliasController(
            Models models,
            Aliases aliases,
            AliasSwitch switching,
            ShadowMeters shadows,
            JsonBody json) {
        this.models = models;
        this.aliases = aliases;
        this.switching = switching;
        this.shadows = shadows;
        this.json = json;
    }

    @GetMapping
    @Operation(summary = "List a model's aliases in alphabetical order")
    Page<AliasView> list(
            @PathVariable String name,
            @RequestParam(defaultValue = PageRequest.DEFAULT_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        var model = new ModelName(name);
        int size = PageRequest.of(limit, null).limit();
        models.numbers(model);
        return Page.of(
                aliases.of(model).stream()
                        .filter(alias -> cursor == null || alias.name().value().compareTo(cursor) > 0)
                        .limit(size + 1L)
                        .map(this::view)
                        .toList(),
                size,
                AliasView::alias);
    }

    @GetMapping("/{alias}")
    @Operation(summary = "What an alias stands for, and what it stood for before")
    ResponseEntity<AliasView> get(@PathVariable String name, @PathVariable String alias) {
        return answer(aliases.require(new ModelName(name), new AliasName(alias)));
    }

    @PutMapping(path = "/{alias}", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary =
                    "Have an alias stand for a version, or for several that share its requests, once they"
                            + " are loaded, warm, and have passed the golden rows",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = AliasForm.class))))
    ResponseEntity<AliasView> put(
            @PathVariable String name,
            @PathVariable String alias,
            @RequestBody byte[] body,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false)
                    @Nullable String ifNoneMatch) {
        var model = new ModelName(name);
        var aliasName = new AliasName(alias);
        AliasSetting setting = json.read(body, AliasForm.class).checked();
        return answer(
                switching.set(
                        model, aliasName, setting, new AliasCondition(ifMatch, ifNoneMatch)));
    }

    @PostMapping("/{alias}:rollback")
    @Operation(
            summary =
                    "Have an alias stand for what it stood for before, or at a revision of its history")
    ResponseEntity<AliasView> rollback(
            @PathVariable String name,
            @PathVariable String alias,
            @RequestParam(required = false) @Nullable Integer revision,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false)
                    @Nullable String ifMatch) {
        return answer(
                switching.rollBack(
                        new ModelName(name),
                        new AliasName(alias),
                        Optional.ofNullable(revision),
                        new AliasCondition(ifMatch, null)));
    }

    @DeleteMapping("/{alias}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Delete an alias; its versions stay")
    void delete(
            @PathVariable String name,
            @PathVariable String alias,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false)
                    @Nullable String ifMatch) {
        aliases.delete(
                new ModelName(name), new AliasName(alias), new AliasCondition(ifMatch, null));
    }

    @GetMapping("/{alias}/shadow")
    @Operation(summary = "How an alias' shadow has answered, in this process")
    ShadowReport shadow(@PathVariable String name, @PathVariable String alias) {
        Alias found = aliases.require(new ModelName(name), new AliasName(alias));
        var setting =
                found.setting()
                        .shadow()
                        .orElseThrow(() ->
                                new ProblemException(
                                        ProblemCode.NOT_FOUND,
                                        "alias %s has no shadow".formatted(found)));
        var tally = shadows.of(found);
        return new ShadowReport(
                setting.version(),
                setting.fraction(),
                setting.tolerance().orElse(null),
                tally.since,
                tally.count(Outcome.SAME),
                tally.count(Outcome.DIFFERENT),
                tally.count(Outcome.DROPPED),
                tally.count(Outcome.FAILED),
                tally.largestDifference());
    }

    private ResponseEntity<AliasView> answer(Alias alias) {
        return ResponseEntity.ok().eTag(AliasCondition.etag(alias)).body(view(alias));
    }

    private AliasView view(Alias alias) {
        return AliasView.of(alias, aliases.changes(alias.model(), alias.name()));
    }
}
