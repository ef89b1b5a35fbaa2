package dev.hearth.run;

import dev.hearth.dataset.Dataset;
import dev.hearth.dataset.Datasets;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.spec.TrainingRequest;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Makes the request of a run that goes on for more epochs. */
@Component
class Extension {

    private final RunRequests requests;
    private final SpecCheck check;
    private final RunCheckpoints checkpoints;
    private final Datasets datasets;
    private final JsonMapper json;

    Extension(
            RunRequests requests,
            SpecCheck check,
            RunCheckpoints checkpoints,
            Datasets datasets,
            JsonMapper json) {
        this.requests = requests;
        this.check = check;
        this.checkpoints = checkpoints;
        this.datasets = datasets;
        this.json = json;
    }

    /** A longer run. */
    record Longer(String request, int epochs) {}

    /**
     * @throws ProblemException if the run cannot be longer, and why
     */
    Longer of(Run run, int more) {
        TrainingRequest known = requests.parse(run.request());
        known.spec()
                .optimization()
                .scheduler()
                .filter(schedule -> schedule.scheduler().isMadeForItsLength())
                .ifPresent(schedule -> {
                    throw new ProblemException(
                            ProblemCode.INVALID_STATE,
                            "the schedule of run %s, %s, was made for just its %d epochs and has reached its end; start a new run with more epochs"
                                    .formatted(
                                            run.id(),
                                            schedule.scheduler().type(),
                                            run.progress().epochs()));
                });
        if (checkpoints.all(run.id()).isEmpty()) {
            throw new ProblemException(
                    ProblemCode.INVALID_STATE,
                    "run %s has no checkpoint to go on from".formatted(run.id()));
        }
        var request = (ObjectNode) json.readTree(run.request());
        int epochs = run.progress().epochs() + more;
        request.put("epochs", epochs);
        String text = json.writeValueAsString(request);
        check.plan(requests.parse(text), requireDataset(run));
        return new Longer(text, epochs);
    }

    /** The data set, which stays until the run has ended. */
    Dataset requireDataset(Run run) {
        return datasets.hold(run.dataset());
    }
}
