package dev.hearth.run;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** A run's epochs as a picture. */
@RestController
@Tag(name = "Runs", description = "Train models")
class RunCurveController {

    private static final String LOSS = "loss";

    /** There are not many more pixels; a run may have a million epochs. */
    private static final int MOST_POINTS = 1000;

    private final Runs runs;
    private final RunTable table;

    RunCurveController(Runs runs, RunTable table) {
        this.runs = runs;
        this.table = table;
    }

    @GetMapping(path = "/v1/runs/{id}/curve.svg", produces = "image/svg+xml;charset=UTF-8")
    @Operation(
            summary =
                    "Loss and a metric of training and validation over the epochs, as a picture;"
                            + " the first metric unless another is named, such as accuracy")
    String curve(@PathVariable String id, @RequestParam(required = false) @Nullable String metric) {
        Run run = runs.require(RunId.parse(id));
        int step = Math.ceilDiv(Math.max(1, run.progress().epoch()), MOST_POINTS);
        List<EpochRow> epochs = table.everyEpoch(run.id(), step);
        List<String> metrics =
                Curve.measures(epochs).stream().filter(each -> !each.equals(LOSS)).toList();
        if (metric != null && !metrics.contains(metric) && !epochs.isEmpty()) {
            throw ProblemException.at(
                    ProblemCode.INVALID_PARAMETER,
                    "metric",
                    metrics.isEmpty()
                            ? "run %s measures no metric; leave it out".formatted(run.id())
                            : "expected one of %s, got '%s'".formatted(metrics, metric));
        }
        Stream<String> shown = metric == null ? metrics.stream().limit(1) : Stream.of(metric);
        List<Curve> curves =
                Stream.concat(Stream.of(LOSS), shown)
                        .map(measure -> Curve.of(measure, epochs))
                        .filter(curve -> !curve.lines().isEmpty())
                        .toList();
        String name =
                "%s, %s, epoch %d of %d"
                        .formatted(
                                run.model(),
                                run.state().text(),
                                run.progress().epoch(),
                                run.progress().epochs());
        return CurveChart.draw(
                name, curves, step == 1 ? "" : " One epoch in %d is drawn.".formatted(step));
    }
}
