package dev.hearth.storage;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Lets a failed start end with a sentence to act on rather than with a stack trace. */
final class UnreachableStoreAnalyzer extends AbstractFailureAnalyzer<UnreachableStoreException> {

    @Override
    protected FailureAnalysis analyze(Throwable root, UnreachableStoreException cause) {
        return new FailureAnalysis(cause.getMessage(), cause.remedy(), cause);
    }
}
