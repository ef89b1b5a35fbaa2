package dev.hearth.sweep;

import dev.hearth.http.JsonBody;
import dev.hearth.run.RunParts;
import org.springframework.stereotype.Component;

/** Reads and checks what is sent for a group of runs. */
@Component
class GroupRequests {

    private final JsonBody json;
    private final RunParts runs;

    GroupRequests(JsonBody json, RunParts runs) {
        this.json = json;
        this.runs = runs;
    }

    /**
     * @throws dev.hearth.problem.ProblemException with all that is wrong
     */
    NewGroup sweep(byte[] body) {
        return new SweepReader(runs).read(json.parse(body));
    }

    /**
     * @throws dev.hearth.problem.ProblemException with all that is wrong
     */
    NewGroup crossValidation(byte[] body) {
        return new CrossValidationReader(runs).read(json.parse(body));
    }
}
