package dev.hearth.serving;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.CacheLoader;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.hearth.model.ModelDeleted;
import dev.hearth.model.ModelName;
import dev.hearth.model.ModelPublished;
import dev.hearth.model.ModelVersion;
import dev.hearth.model.Models;
import dev.hearth.problem.ProblemException;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Versions as predictions need them, without a query for each. What changes in this process is seen
 * at once, what changes in another one after 250 ms. Of a version that is asked for again and again
 * the database is asked aside, before that time is over, so that no request waits for it.
 */
@Component
class ServedVersions {

    private static final Duration REMEMBERED = Duration.ofMillis(250);
    private static final Duration FRESH = Duration.ofMillis(100);
    private static final int MOST = 1_000;

    private record Key(ModelName name, int number) {}

    private final LoadingCache<ModelName, ModelVersion> latest;
    private final LoadingCache<Key, ModelVersion> numbered;

    /** For longer than anything is answered from it: only to tell how long a queue is. */
    private final Cache<ModelName, Integer> lastLatest =
            Caffeine.newBuilder().maximumSize(MOST).build();

    ServedVersions(Models models) {
        this.latest = remembering(models::requireLatest);
        this.numbered = remembering(key -> models.require(key.name(), key.number()));
    }

    private static <K> LoadingCache<K, ModelVersion> remembering(Function<K, ModelVersion> query) {
        return Caffeine.newBuilder()
                .refreshAfterWrite(FRESH)
                .expireAfterWrite(REMEMBERED)
                .maximumSize(MOST)
                .executor(Thread::startVirtualThread)
                .build(new Query<>(query));
    }

    private record Query<K>(Function<K, ModelVersion> query)
            implements CacheLoader<K, ModelVersion> {

        @Override
        public ModelVersion load(K key) {
            return query.apply(key);
        }

        @Override
        @SuppressWarnings("NullAway") // by its documentation, null takes the entry out
        public @Nullable ModelVersion reload(K key, ModelVersion old) {
            try {
                return query.apply(key);
            } catch (ProblemException | DataAccessException _) {
                return null; // forgotten: the next request asks itself, and is told what is wrong
            }
        }
    }

    /** The latest version, or a problem that says that there is none. */
    ModelVersion latest(ModelName name) {
        var version = latest.get(name);
        Integer before = lastLatest.getIfPresent(name);
        if (before == null || before != version.number()) {
            lastLatest.put(name, version.number());
        }
        return version;
    }

    /** A version, or a problem that says which there are. */
    ModelVersion numbered(ModelName name, int number) {
        return numbered.get(new Key(name, number));
    }

    /** Which version was the latest when somebody last asked; no query is made. */
    OptionalInt latestKnown(ModelName name) {
        Integer number = lastLatest.getIfPresent(name);
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    @TransactionalEventListener
    void onPublished(ModelPublished published) {
        latest.invalidate(published.name());
    }

    @TransactionalEventListener
    void onDeleted(ModelDeleted deleted) {
        latest.invalidate(deleted.name());
        lastLatest.invalidate(deleted.name());
        numbered.invalidate(new Key(deleted.name(), deleted.version()));
    }
}
