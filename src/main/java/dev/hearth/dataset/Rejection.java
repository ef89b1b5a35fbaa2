package dev.hearth.dataset;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.Violation;
import java.util.List;

/** Why a data set was rejected: the problem that its upload would have been answered with. */
record Rejection(ProblemCode code, String detail, List<Violation> errors) {

    Rejection {
        errors = List.copyOf(errors);
    }

    static Rejection of(ProblemException problem) {
        return new Rejection(problem.code(), problem.detail(), problem.violations());
    }

    ProblemException problem() {
        return new ProblemException(code, detail, errors);
    }
}
