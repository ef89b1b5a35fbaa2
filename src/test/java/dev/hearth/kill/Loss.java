package dev.hearth.kill;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A worker that was taken from its run.
 *
 * @param since when it had begun to train, if it had
 * @param frozen whether it was stopped, and not killed
 * @param epochs of the run
 */
record Loss(Audit.Claim claim, Optional<Instant> since, Instant at, boolean frozen, int epochs) {

    /** What was trained between its last checkpoint and the loss, in epochs. */
    Stream<Double> redone(Audit audit, double secondsPerEpoch) {
        return audit.takeOver(claim).stream()
                .filter(next -> next.saved() < epochs)
                .map(next ->
                        Stream.concat(next.savedAt().stream(), since.stream())
                                .filter(_ -> since.isPresent())
                                .max(Instant::compareTo)
                                .map(from -> secondsUntilThen(from) / secondsPerEpoch)
                                .orElse(0.0));
    }

    private double secondsUntilThen(Instant from) {
        return seconds(Duration.between(from, at));
    }

    /** Epochs whose metrics were there, and that no checkpoint had behind it. */
    Stream<Double> toldAndRedone(Audit audit) {
        return audit.takeOver(claim).stream()
                .map(next -> next.ended() - next.saved())
                .map(Double::valueOf);
    }

    /** Epochs that had begun, as far as the run had told, and that no checkpoint had behind it. */
    Stream<Double> begunAgain(Audit audit) {
        return audit.takeOver(claim).stream()
                .map(next ->
                        Math.max(0, Math.ceil(next.fraction() * epochs - 1e-6) - next.saved()));
    }

    Stream<Double> secondsUntilFound(Audit audit) {
        return audit
                .takeOver(claim)
                .flatMap(Audit.TakeOver::found)
                .map(found -> seconds(Duration.between(at, found)))
                .stream();
    }

    Stream<Double> secondsUntilTaken(Audit audit) {
        return audit
                .takeOver(claim)
                .map(next -> seconds(Duration.between(at, next.claimed())))
                .stream();
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }
}
