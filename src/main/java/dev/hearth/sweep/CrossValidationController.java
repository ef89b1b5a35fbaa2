package dev.hearth.sweep;

import dev.hearth.http.Cursor;
import dev.hearth.http.Identifiers;
import dev.hearth.http.Page;
import dev.hearth.http.PageRequest;
import dev.hearth.run.PartOf;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Cross-validations over HTTP. */
@RestController
@Tag(name = "Cross-validations", description = "Train on all folds but one, for each fold")
class CrossValidationController {

    private static final PartOf.Kind KIND = PartOf.Kind.CROSS_VALIDATION;

    private final Groups groups;
    private final GroupPages pages;
    private final GroupRequests requests;
    private final Trials trials;
    private final JsonMapper json;

    CrossValidationController(
            Groups groups,
            GroupPages pages,
            GroupRequests requests,
            Trials trials,
            JsonMapper json) {
        this.groups = groups;
        this.pages = pages;
        this.requests = requests;
        this.trials = trials;
        this.json = json;
    }

    @PostMapping(path = "/v1/cross_validations", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Check the run of each fold, and begin a cross-validation",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(ref = GroupSchemas.CROSS_VALIDATION))))
    @ApiResponse(responseCode = "202")
    ResponseEntity<CrossValidationView> create(
            @RequestBody byte[] sent,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        UUID id = groups.create(requests.crossValidation(sent), sent, Optional.ofNullable(key));
        return ResponseEntity.accepted()
                .location(URI.create(KIND.path() + "/" + id))
                .body(view(groups.require(KIND, id)));
    }

    @GetMapping("/v1/cross_validations")
    @Operation(summary = "List cross-validations, newest first")
    Page<CrossValidationView> list(
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(defaultValue = PageRequest.DEFAULT_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        return pages.page(
                KIND,
                state,
                PageRequest.of(limit, cursor),
                (group, folds) -> CrossValidationView.of(group, folds, json),
                view -> new Cursor(view.createdAt(), view.id()));
    }

    @GetMapping("/v1/cross_validations/{id}")
    @Operation(summary = "The metrics of each fold, their means and standard deviations")
    CrossValidationView get(@PathVariable String id) {
        return view(require(id));
    }

    @PostMapping("/v1/cross_validations/{id}:cancel")
    @ApiResponse(responseCode = "202")
    @Operation(
            summary =
                    "Cancel a cross-validation: no more runs begin, and those that run end after their slices")
    ResponseEntity<CrossValidationView> cancel(@PathVariable String id) {
        groups.cancel(KIND, id(id));
        return ResponseEntity.accepted().body(view(require(id)));
    }

    @DeleteMapping("/v1/cross_validations/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Delete a cross-validation that has ended, with its runs")
    void delete(@PathVariable String id) {
        groups.delete(KIND, id(id));
    }

    private CrossValidationView view(RunGroup group) {
        return CrossValidationView.of(group, trials.of(group), json);
    }

    private RunGroup require(String id) {
        return groups.require(KIND, id(id));
    }

    private static UUID id(String text) {
        return Identifiers.parse(text, KIND.words());
    }
}
