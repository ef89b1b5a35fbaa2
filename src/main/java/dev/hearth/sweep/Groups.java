package dev.hearth.sweep;

import dev.hearth.http.Idempotency;
import dev.hearth.http.Owner;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.run.PartOf;
import dev.hearth.run.RunParts;
import dev.hearth.storage.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Groups of runs: made, found, cancelled, deleted. */
@Service
class Groups {

    private final GroupTable table;
    private final GroupProgress progress;
    private final RunParts runs;
    private final Idempotency idempotency;
    private final InstantSource clock;

    Groups(
            GroupTable table,
            GroupProgress progress,
            RunParts runs,
            Idempotency idempotency,
            InstantSource clock) {
        this.table = table;
        this.progress = progress;
        this.runs = runs;
        this.idempotency = idempotency;
        this.clock = clock;
    }

    /**
     * Makes a group and queues its first runs in one transaction.
     *
     * @param body as it was sent
     * @param key the header {@code Idempotency-Key}, if there is one
     */
    UUID create(NewGroup wanted, byte[] body, Optional<String> key) {
        var digest = Sha256.newDigest();
        digest.update(body);
        return idempotency.once(
                key,
                "POST " + wanted.kind().path(),
                Sha256.of(digest).hex(),
                () -> insert(wanted, new String(body, StandardCharsets.UTF_8)));
    }

    private UUID insert(NewGroup wanted, String body) {
        runs.requireRoom(Owner.current());
        UUID id = UUID.randomUUID();
        var group =
                new RunGroup(
                        id,
                        wanted.kind(),
                        Owner.current(),
                        wanted.name(),
                        body,
                        wanted.run().toString(),
                        wanted.rules(),
                        RunGroup.Progress.begin(clock.instant()));
        List<Member> members =
                IntStream.range(0, wanted.combinations().size())
                        .mapToObj(number ->
                                new Member(id, number, 0, wanted.combinations().get(number).json()))
                        .toList();
        table.insert(group, wanted.datasets(), members);
        progress.advance(id);
        return id;
    }

    RunGroup require(PartOf.Kind kind, UUID id) {
        return table.find(id)
                .filter(group -> group.kind() == kind)
                .orElseThrow(() -> missing(kind, id));
    }

    /** Cancels a group and its runs: those that wait at once, the others after their slices. */
    @Transactional
    public void cancel(PartOf.Kind kind, UUID id) {
        RunGroup group = lock(kind, id);
        if (!group.isRunning()) {
            throw new ProblemException(
                    ProblemCode.INVALID_STATE,
                    "%s has ended already (%s) and cannot be cancelled"
                            .formatted(group, group.progress().state().text()));
        }
        progress.cancel(group);
    }

    /** Deletes a group that has ended, with its runs but for the one that the model is of. */
    @Transactional
    public void delete(PartOf.Kind kind, UUID id) {
        RunGroup group = lock(kind, id);
        if (group.isRunning()) {
            throw new ProblemException(
                    ProblemCode.INVALID_STATE,
                    "%s is running; cancel it first (POST %s/%s:cancel), or wait"
                            .formatted(group, kind.path(), id));
        }
        runs.delete(id);
        table.delete(group);
    }

    private RunGroup lock(PartOf.Kind kind, UUID id) {
        return table.lock(id)
                .filter(group -> group.kind() == kind)
                .orElseThrow(() -> missing(kind, id));
    }

    private static ProblemException missing(PartOf.Kind kind, UUID id) {
        return new ProblemException(
                ProblemCode.NOT_FOUND, "there is no %s %s".formatted(kind.words(), id));
    }
}
