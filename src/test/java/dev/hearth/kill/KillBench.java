package dev.hearth.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;

/**
 * Three workers on one database and store are killed, stopped and sent away while they train, and
 * nothing is lost, doubled or changed by a bit. {@code bench/kill.sh} runs it.
 *
 * <p>Runs are made so long that a worker is met within one, and there is work for as long as there
 * are disturbances.
 */
class KillBench {

    private static final int WORKERS = 3;
    private static final int CALIBRATION_EPOCHS = 40;

    /** A third one in a row would end the run as failed, and rightly: see {@link CrashBench}. */
    private static final int MOST_LOSSES = 2;

    /** So that there is always a run for whoever is free. */
    private static final int UNFINISHED = 2 * WORKERS;

    private final int runs = Integer.getInteger("hearth.kill.runs", 12);
    private final int kills = Integer.getInteger("hearth.kill.kills", 6);
    private final int freezes = Integer.getInteger("hearth.kill.freezes", 2);
    private final int departures = Integer.getInteger("hearth.kill.departures", 2);
    private final double seconds =
            Double.parseDouble(System.getProperty("hearth.kill.seconds", "8"));
    private final String heartbeat = System.getProperty("hearth.kill.heartbeat", "1s");
    private final Duration longest =
            Duration.ofMinutes(Integer.getInteger("hearth.kill.minutes", 60));
    private final Random random = new Random(Long.getLong("hearth.kill.seed", 1));

    private final List<Loss> losses = new CopyOnWriteArrayList<>();
    private final List<Duration> exits = new CopyOnWriteArrayList<>();
    private final Semaphore freezing = new Semaphore(1);
    private final AtomicInteger missed = new AtomicInteger();
    private final AtomicLong cutOff = new AtomicLong();
    private int epochs;
    private double secondsPerEpoch;
    private Instant end = Instant.MAX;

    @Test
    void nothingIsLostDoubledOrChanged() throws IOException {
        try (Cluster cluster =
                Cluster.start(
                        List.of(
                                "--hearth.worker.heartbeat=" + heartbeat,
                                "--hearth.worker.poll-interval=200ms"))) {
            var audit = Audit.begin(cluster.sql());
            ServiceClient client = cluster.client();
            var workers = new ArrayList<ServiceProcess>();
            for (int i = 0; i < WORKERS; i++) {
                workers.add(cluster.startWorker());
            }
            String dataset = client.upload("digits");
            calibrate(client, audit, dataset);
            List<String> expected = references(client, dataset);
            Instant begin = Instant.now();
            end = begin.plus(longest);
            var submitted = new ArrayList<String>();
            disturb(
                    cluster,
                    audit,
                    workers,
                    () ->
                            submitted.add(
                                    client.submit(
                                            KillRuns.request(dataset, submitted.size(), epochs))));
            Duration disturbed = Duration.between(begin, Instant.now());
            while (submitted.size() < runs && Instant.now().isBefore(end)) {
                submitted.add(client.submit(KillRuns.request(dataset, submitted.size(), epochs)));
            }
            int lost = 0;
            int different = 0;
            for (int i = 0; i < submitted.size(); i++) {
                var run = client.end(submitted.get(i));
                if (!ServiceClient.state(run).equals("succeeded")) {
                    lost++;
                    System.out.println(run);
                } else if (!client.result(run).equals(expected.get(i % KillRuns.VARIANTS))) {
                    different++;
                    System.out.println("another result: " + run);
                }
            }
            var times = new Times(disturbed, Duration.between(begin, Instant.now()));
            report(cluster, audit, new Outcome(submitted.size(), lost, different), times);
        }
    }

    private record Outcome(int runs, int lost, int different) {}

    private record Times(Duration disturbed, Duration whole) {}

    /** How long an epoch takes while all workers train. */
    private void calibrate(ServiceClient client, Audit audit, String dataset) {
        var ids = new ArrayList<String>();
        for (int i = 0; i < WORKERS; i++) {
            ids.add(client.submit(KillRuns.request(dataset, i, CALIBRATION_EPOCHS)));
        }
        ids.forEach(client::end);
        secondsPerEpoch =
                ids.stream().mapToDouble(audit::secondsPerEpoch).sorted().toArray()[WORKERS / 2];
        epochs = (int) Math.max(2, Math.ceil(seconds / secondsPerEpoch));
        System.out.printf("%.3f s an epoch, so %d epochs a run%n", secondsPerEpoch, epochs);
    }

    /** Of each variant, undisturbed. */
    private List<String> references(ServiceClient client, String dataset) {
        var ids = new ArrayList<String>();
        for (int i = 0; i < KillRuns.VARIANTS; i++) {
            ids.add(client.submit(KillRuns.request(dataset, i, epochs)));
        }
        return ids.stream().map(id -> client.result(client.end(id))).toList();
    }

    /** What is done to a worker. */
    private record Deed(
            boolean isFreeze, BiFunction<ServiceProcess, Audit.Claim, ServiceProcess> work) {

        /** Answers the worker that is in its place afterwards. */
        ServiceProcess to(ServiceProcess worker, Audit.Claim claim) {
            return work.apply(worker, claim);
        }
    }

    /** Each worker has somebody who does to it, again and again, what is next to be done. */
    private void disturb(
            Cluster cluster, Audit audit, List<ServiceProcess> workers, Runnable submit) {
        var deeds = new ArrayList<Deed>();
        deeds.addAll(
                Collections.nCopies(
                        kills,
                        new Deed(false, (worker, claim) -> kill(cluster, audit, worker, claim))));
        deeds.addAll(
                Collections.nCopies(
                        freezes, new Deed(true, (worker, claim) -> freeze(audit, worker, claim))));
        deeds.addAll(
                Collections.nCopies(
                        departures, new Deed(false, (worker, _) -> depart(cluster, worker))));
        Collections.shuffle(deeds, random);
        var left = new ConcurrentLinkedQueue<>(deeds);
        try (var threads = Executors.newFixedThreadPool(WORKERS)) {
            var busy = new ArrayList<Future<?>>();
            for (ServiceProcess worker : workers) {
                var moments = new Random(random.nextLong());
                busy.add(threads.submit(() -> disturb(audit, worker, left, moments)));
            }
            Awaitility.await()
                    .atMost(longest.plusMinutes(10))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> {
                        if (audit.unfinished() < UNFINISHED) {
                            submit.run();
                        }
                        return busy.stream().allMatch(Future::isDone);
                    });
            for (Future<?> one : busy) {
                one.get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private void disturb(Audit audit, ServiceProcess first, Queue<Deed> left, Random moments) {
        ServiceProcess worker = first;
        while (Instant.now().isBefore(end) && !left.isEmpty()) {
            var claim = aMomentInARun(audit, worker, moments);
            Deed next = claim.isPresent() ? left.poll() : null;
            if (next == null) {
                continue;
            }
            if (next.isFreeze() && !freezing.tryAcquire()) {
                // One at a time: somebody has to be there to take over.
                left.add(next);
            } else {
                worker = next.to(worker, claim.get());
            }
        }
    }

    /**
     * Waits for a random moment within the run that a worker has, its preparation being one; empty
     * where the run has ended meanwhile, or may lose no worker more before its next checkpoint.
     */
    private Optional<Audit.Claim> aMomentInARun(
            Audit audit, ServiceProcess worker, Random moments) {
        var claim =
                Awaitility.await()
                        .atMost(Duration.ofMinutes(10))
                        .pollInterval(Duration.ofMillis(50))
                        .until(
                                () -> audit.held(worker.name()),
                                held -> held.isPresent() || Instant.now().isAfter(end));
        double done = claim.map(audit::fraction).orElse(1.0);
        double fraction = done + (1 - done) * (moments.nextDouble() * 1.1 - 0.1);
        Awaitility.await()
                .atMost(Duration.ofMinutes(10))
                .pollInterval(Duration.ofMillis(50))
                .until(() ->
                        claim.isEmpty()
                                || audit.fraction(claim.get()) >= fraction
                                || !audit.held(worker.name()).equals(claim));
        long within = (long) (moments.nextDouble() * secondsPerEpoch * 1e9);
        long since = System.nanoTime();
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> System.nanoTime() - since >= within);
        return claim.filter(audit::isOrphan)
                .filter(held -> audit.lossesWithoutProgress(held) < MOST_LOSSES);
    }

    private ServiceProcess kill(
            Cluster cluster, Audit audit, ServiceProcess worker, Audit.Claim claim) {
        worker.kill();
        Instant killed = Instant.now();
        cutOff.addAndGet(cluster.filesCutOff());
        note(audit, claim, killed, false);
        return cluster.startWorker();
    }

    /** Past its lease, and then on as if nothing had happened. */
    private ServiceProcess freeze(Audit audit, ServiceProcess worker, Audit.Claim claim) {
        worker.signal("STOP");
        Instant frozen = Instant.now();
        try {
            note(audit, claim, frozen, true);
            Awaitility.await().atMost(Duration.ofMinutes(5)).until(() -> !audit.isOrphan(claim));
        } catch (ConditionTimeoutException e) {
            System.out.println("nobody took over from " + worker.name());
        } finally {
            worker.signal("CONT");
            freezing.release();
        }
        return worker;
    }

    private ServiceProcess depart(Cluster cluster, ServiceProcess worker) {
        exits.add(worker.terminate());
        return cluster.startWorker();
    }

    /** Counts it if the run was not at its end by then. */
    private void note(Audit audit, Audit.Claim claim, Instant when, boolean frozen) {
        if (audit.isOrphan(claim)) {
            losses.add(new Loss(claim, audit.trainingSince(claim), when, frozen, epochs));
        } else {
            missed.incrementAndGet();
        }
    }

    private void report(Cluster cluster, Audit audit, Outcome outcome, Times times)
            throws IOException {
        var killed = losses.stream().filter(loss -> !loss.frozen()).toList();
        var frozen = losses.stream().filter(Loss::frozen).toList();
        var redone =
                new Spread(
                        killed.stream()
                                .flatMap(loss -> loss.redone(audit, secondsPerEpoch))
                                .toList());
        var told = new Spread(losses.stream().flatMap(loss -> loss.toldAndRedone(audit)).toList());
        var begun = new Spread(losses.stream().flatMap(loss -> loss.begunAgain(audit)).toList());
        List<String> stale = audit.stale();
        List<String> faults = new StoredCheckpoints(cluster.sql(), cluster.data()).faults();
        long twice = audit.epochsTwice();
        String table =
                """
                | runs | epochs each | kill -9 | SIGSTOP past the lease | SIGTERM | heartbeat |
                | --- | --- | --- | --- | --- | --- |
                | %d | %d of %.0f ms | %d | %d | %d | %s |

                | what | figure |
                | --- | --- |
                | runs lost | %d |
                | runs whose weights, optimiser or metrics differ from the undisturbed one's | %d |
                | epochs committed twice | %d |
                | stale writes accepted | %d |
                | checkpoints whose bytes are missing or others | %d |
                | kills that hit a run which was being trained | %d of %d |
                | … while the bytes of a file were being written | %d |
                | SIGSTOPs that hit a run, which was taken over meanwhile | %d of %d |
                | … after which the worker found its lease lost | %d |
                | times that a run went on from a checkpoint | %d |
                | epochs redone per kill, by time | %s |
                | epochs begun again per loss, as far as progress was told | %s |
                | epochs trained again whose metrics had been told | %s |
                | kill to found dead, s | %s |
                | kill to taken over, s | %s |
                | SIGSTOP to taken over, s | %s |
                | SIGTERM to exit, s | %s |
                | … handed back | %d of %d |
                | disturbances that came just after a run's end | %d |
                | disturbed for, whole, s | %d of %d |
                """
                        .formatted(
                                outcome.runs(),
                                epochs,
                                secondsPerEpoch * 1000,
                                kills,
                                freezes,
                                departures,
                                heartbeat,
                                outcome.lost(),
                                outcome.different(),
                                twice,
                                stale.size(),
                                faults.size(),
                                killed.size(),
                                kills,
                                cutOff.get(),
                                frozen.size(),
                                freezes,
                                cluster.linesThatSay("the lease on run"),
                                audit.resumptions(),
                                redone,
                                begun,
                                told,
                                new Spread(
                                        killed.stream()
                                                .flatMap(loss -> loss.secondsUntilFound(audit))
                                                .toList()),
                                new Spread(
                                        killed.stream()
                                                .flatMap(loss -> loss.secondsUntilTaken(audit))
                                                .toList()),
                                new Spread(
                                        frozen.stream()
                                                .flatMap(loss -> loss.secondsUntilTaken(audit))
                                                .toList()),
                                Spread.ofSeconds(exits),
                                audit.handedBack(),
                                departures,
                                missed.get(),
                                times.disturbed().toSeconds(),
                                times.whole().toSeconds());
        System.out.println(table);
        Files.writeString(Path.of("target/kill.md"), table);
        stale.forEach(System.out::println);
        faults.forEach(System.out::println);
        assertThat(List.of(outcome.lost(), outcome.different())).containsOnly(0);
        assertThat(twice).isZero();
        assertThat(stale).isEmpty();
        assertThat(faults).isEmpty();
        assertThat(told.most()).isZero();
        assertThat(begun.most()).isLessThanOrEqualTo(1);
        assertThat(exits).allMatch(time -> time.toSeconds() < 60);
    }
}
