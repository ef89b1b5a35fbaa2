package dev.hearth.database;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Lets a failed start end with a sentence to act on rather than with a stack trace. */
final class UnusableDataFolderAnalyzer
        extends AbstractFailureAnalyzer<UnusableDataFolderException> {

    @Override
    protected FailureAnalysis analyze(Throwable root, UnusableDataFolderException cause) {
        return new FailureAnalysis(cause.getMessage(), cause.remedy(), cause);
    }
}
