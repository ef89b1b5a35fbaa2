package dev.hearth.inference;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Lets a failed start end with a sentence to act on rather than with a stack trace. */
final class GrpcPortTakenAnalyzer extends AbstractFailureAnalyzer<GrpcPortTakenException> {

    @Override
    protected FailureAnalysis analyze(Throwable root, GrpcPortTakenException cause) {
        return new FailureAnalysis(cause.getMessage(), cause.remedy(), cause);
    }
}
