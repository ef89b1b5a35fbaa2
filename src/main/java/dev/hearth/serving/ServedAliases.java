package dev.hearth.serving;

import dev.hearth.model.Alias;
import dev.hearth.model.AliasChanged;
import dev.hearth.model.AliasName;
import dev.hearth.model.Aliases;
import dev.hearth.model.ModelName;
import dev.hearth.model.Models;
import dev.hearth.problem.ProblemException;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * The aliases that this process answers for, without a query for each request.
 *
 * <p>What changes in this process counts from its commit on. What changes in another one is seen
 * within 250 ms; then the versions that it names now are loaded, and until they are, the former
 * ones go on answering.
 */
@Component
class ServedAliases {

    private static final Logger log = LoggerFactory.getLogger(ServedAliases.class);
    private static final long LOOK_EVERY_MILLIS = 250;
    private static final Duration LONGEST_LOAD = Duration.ofMinutes(10);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private record Key(ModelName model, AliasName name) {}

    private final Aliases aliases;
    private final Models models;
    private final LoadedModels loaded;
    private final ConcurrentHashMap<Key, ServedAlias> served = new ConcurrentHashMap<>();

    /** Those that are being loaded, or could not be, and when to begin again, in nanoseconds. */
    private final ConcurrentHashMap<Key, Long> following = new ConcurrentHashMap<>();

    private final ReentrantLock looking = new ReentrantLock();
    private final ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();

    ServedAliases(Aliases aliases, Models models, LoadedModels loaded) {
        this.aliases = aliases;
        this.models = models;
        this.loaded = loaded;
    }

    /** An alias, or a problem that says which there are. */
    ServedAlias require(ModelReference.Aliased reference) {
        var there = served.get(new Key(reference.model(), reference.alias()));
        return there != null
                ? there
                : keep(read(aliases.require(reference.model(), reference.alias())));
    }

    /** An alias that somebody has asked for; no query is made. */
    Optional<ServedAlias> known(ModelReference.Aliased reference) {
        return Optional.ofNullable(served.get(new Key(reference.model(), reference.alias())));
    }

    @TransactionalEventListener
    void onChanged(AliasChanged changed) {
        changed.alias()
                .ifPresentOrElse(
                        alias -> keep(read(alias)),
                        () -> forget(new Key(changed.model(), changed.name())));
    }

    private ServedAlias read(Alias alias) {
        return new ServedAlias(
                alias,
                alias.setting().routes().stream()
                        .map(route -> models.require(alias.model(), route.version()))
                        .toList(),
                alias.setting()
                        .shadow()
                        .map(shadow -> models.require(alias.model(), shadow.version())));
    }

    /** The newer one stays: several threads may have read it. */
    private ServedAlias keep(ServedAlias alias) {
        var kept =
                served.merge(
                        new Key(alias.alias().model(), alias.alias().name()),
                        alias,
                        (one, other) ->
                                one.alias().revision() >= other.alias().revision() ? one : other);
        prefer();
        return kept;
    }

    private void forget(Key key) {
        served.remove(key);
        prefer();
    }

    private void prefer() {
        loaded.prefer(
                served.values().stream()
                        .flatMap(alias -> alias.versions().stream())
                        .map(version -> new Models.Place(version.name(), version.number()))
                        .collect(Collectors.toSet()));
    }

    /** Sees what other processes have changed. */
    @Scheduled(fixedRate = LOOK_EVERY_MILLIS, timeUnit = TimeUnit.MILLISECONDS)
    void look() {
        if (served.isEmpty() || !looking.tryLock()) {
            return;
        }
        try {
            Map<Key, Integer> revisions =
                    aliases.revisions().stream()
                            .collect(
                                    Collectors.toMap(
                                            each -> new Key(each.model(), each.name()),
                                            Aliases.Revision::revision));
            served.forEach((key, alias) -> {
                Integer revision = revisions.get(key);
                if (revision == null) {
                    forget(key);
                } else if (revision > alias.alias().revision()) {
                    follow(key);
                }
            });
        } catch (DataAccessException e) {
            log.debug("the aliases stay as they are known, as the database does not answer", e);
        } finally {
            looking.unlock();
        }
    }

    private void follow(Key key) {
        Long again = following.get(key);
        if (again == null || again - System.nanoTime() <= 0) {
            following.put(key, System.nanoTime() + LONGEST_LOAD.toNanos());
            background.execute(() -> load(key));
        }
    }

    private void load(Key key) {
        long again = System.nanoTime();
        try {
            Optional<ServedAlias> wanted = aliases.find(key.model(), key.name()).map(this::read);
            wanted.ifPresent(alias -> alias.versions().forEach(loaded::load));
            wanted.ifPresentOrElse(this::keep, () -> forget(key));
        } catch (ProblemException e) {
            again += RETRY_AFTER.toNanos();
            log.warn(
                    "alias {}@{} has changed, and stays as it was in this process: {}",
                    key.model(),
                    key.name(),
                    e.detail());
        } catch (DataAccessException e) {
            log.debug("an alias stays as it is known, as the database does not answer", e);
        } finally {
            following.put(key, again);
        }
    }

    @PreDestroy
    void close() {
        background.shutdown();
    }
}
