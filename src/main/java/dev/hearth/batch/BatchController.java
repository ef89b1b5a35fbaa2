package dev.hearth.batch;

import dev.hearth.http.Cursor;
import dev.hearth.http.Page;
import dev.hearth.http.PageRequest;
import dev.hearth.model.ModelName;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.storage.BlobDownload;
import dev.hearth.storage.BlobStore;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpHeaders;
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

/** Predictions over data sets, over HTTP. */
@RestController
@Tag(name = "Batch predictions", description = "Predict all rows of a data set")
class BatchController {

    private static final String CSV = "text/csv";
    private static final String ALL = "/v1/predictions";
    private static final String ONE = ALL + "/{id}";

    private final BatchSubmission submission;
    private final Batches batches;
    private final BatchTable table;
    private final BatchViews views;
    private final BlobStore blobs;

    BatchController(
            BatchSubmission submission,
            Batches batches,
            BatchTable table,
            BatchViews views,
            BlobStore blobs) {
        this.submission = submission;
        this.batches = batches;
        this.table = table;
        this.views = views;
        this.blobs = blobs;
    }

    @PostMapping(path = ALL, consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "predictDataset",
            summary = "Predict all rows of a data set, as a job whose result is CSV",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = BatchRequest.class))))
    @ApiResponse(responseCode = "202")
    ResponseEntity<BatchView> submit(
            @RequestBody byte[] body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        BatchId id = submission.submit(body, Optional.ofNullable(key));
        return ResponseEntity.accepted().location(URI.create(BatchView.path(id))).body(view(id));
    }

    @GetMapping(ALL)
    @Operation(
            operationId = "datasetPredictions",
            summary = "List predictions over data sets, newest first")
    Page<BatchView> list(
            @RequestParam(required = false) @Nullable String model,
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(defaultValue = PageRequest.DEFAULT_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        PageRequest page = PageRequest.of(limit, cursor);
        var filter =
                new BatchTable.Filter(
                        Optional.ofNullable(model).map(ModelName::new),
                        Optional.ofNullable(state).map(BatchState::parse));
        return page.page(
                views.of(table.page(filter, page.after(), page.fetchSize())),
                view -> new Cursor(view.createdAt(), view.id()));
    }

    @GetMapping(ONE)
    @Operation(
            operationId = "datasetPrediction",
            summary = "How far a prediction over a data set is, and what came of it")
    BatchView get(@PathVariable String id) {
        return view(BatchId.parse(id));
    }

    @GetMapping(path = ONE + "/result.csv", produces = CSV)
    @Operation(
            operationId = "datasetPredictionResult",
            summary = "Download the result: a line for each row of the data set, in its order")
    @ApiResponse(
            responseCode = "200",
            content = @Content(mediaType = CSV, schema = @Schema(type = "string")))
    ResponseEntity<Resource> result(
            @PathVariable String id,
            @Parameter(hidden = true) @RequestHeader(name = HttpHeaders.IF_RANGE, required = false)
                    @Nullable String ifRange)
            throws IOException {
        Batch batch = batches.require(BatchId.parse(id));
        Batch.Result result =
                batch.result()
                        .orElseThrow(() ->
                                new ProblemException(
                                        ProblemCode.INVALID_STATE,
                                        "prediction %s is %s and has no result%s"
                                                .formatted(
                                                        batch.id(),
                                                        batch.state().text(),
                                                        switch (batch.state()) {
                                                            case QUEUED, RUNNING ->
                                                                    " yet; wait until GET %s says succeeded"
                                                                            .formatted(
                                                                                    BatchView.path(
                                                                                            batch
                                                                                                    .id()));
                                                            case FAILED, CANCELLED, SUCCEEDED -> "";
                                                        })));
        return BlobDownload.of(
                blobs,
                result.file().hash(),
                "%s-v%d-predictions.csv".formatted(batch.asked().model(), batch.asked().version()),
                MediaType.parseMediaType(CSV + ";charset=UTF-8"),
                ifRange);
    }

    @PostMapping(ONE + ":cancel")
    @ApiResponse(responseCode = "202")
    @Operation(
            operationId = "cancelDatasetPrediction",
            summary = "Cancel a prediction over a data set; its worker stops within a second or so")
    ResponseEntity<BatchView> cancel(@PathVariable String id) {
        BatchId batch = BatchId.parse(id);
        batches.cancel(batch);
        return ResponseEntity.accepted().body(view(batch));
    }

    @DeleteMapping(ONE)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "deleteDatasetPrediction",
            summary =
                    "Delete a prediction over a data set that has ended, and give its result's bytes"
                            + " back")
    void delete(@PathVariable String id) {
        batches.delete(BatchId.parse(id));
    }

    private BatchView view(BatchId id) {
        return views.of(batches.require(id));
    }
}
