package dev.hearth.serving;

import dev.hearth.model.ModelDeleted;
import dev.hearth.model.ModelFile;
import dev.hearth.model.ModelName;
import dev.hearth.model.ModelVersion;
import dev.hearth.model.Models;
import jakarta.annotation.PreDestroy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * The versions in memory, the least recently used first to go, those that aliases name last. A
 * version that is being used is closed when its last user is done.
 */
@Component
class LoadedModels {

    private record Key(ModelName name, int version) {
        static Key of(ModelVersion version) {
            return new Key(version.name(), version.number());
        }
    }

    private final ModelLoader loader;
    private final int maxModels;
    private final long maxBytes;
    private volatile Set<Models.Place> preferred = Set.of();
    private final LinkedHashMap<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    LoadedModels(ModelLoader loader, ServingSettings settings) {
        this.loader = loader;
        this.maxModels = settings.memory().maxModels();
        this.maxBytes = settings.memory().bytes();
    }

    /** Runs {@code work} with the version, loading it first where that is needed. */
    <T> T with(ModelVersion version, Function<ServedModel, T> work) {
        Entry entry = enter(version);
        try {
            return work.apply(entry.model());
        } finally {
            entry.leave();
        }
    }

    /** Brings a version into memory, where it is not there yet. */
    void load(ModelVersion version) {
        with(version, ServedModel::version);
    }

    /** Names the versions that go last, when there is no other left. */
    void prefer(Set<Models.Place> versions) {
        preferred = Set.copyOf(versions);
    }

    private Entry enter(ModelVersion version) {
        List<Entry> evicted = List.of();
        Entry entry;
        synchronized (entries) {
            entry = entries.get(Key.of(version));
            if (entry == null) {
                entry = new Entry(version);
                entries.put(Key.of(version), entry);
                evicted = evict(maxModels, maxBytes, entry);
            }
            entry.enter();
        }
        evicted.forEach(Entry::leave);
        return entry;
    }

    /** Takes entries out of the map; the caller lets go of them outside the lock. */
    private List<Entry> evict(int most, long mostBytes, @Nullable Entry spared) {
        var evicted = new ArrayList<Entry>();
        evict(most, mostBytes, entry -> entry == spared || entry.isPreferred(), evicted);
        evict(most, mostBytes, entry -> entry == spared, evicted);
        return evicted;
    }

    private void evict(int most, long mostBytes, Predicate<Entry> isSpared, List<Entry> evicted) {
        long bytes = bytes();
        var oldest = entries.values().iterator();
        while (oldest.hasNext() && (entries.size() > most || bytes > mostBytes)) {
            Entry candidate = oldest.next();
            if (!isSpared.test(candidate)) {
                oldest.remove();
                bytes -= candidate.sizeBytes();
                evicted.add(candidate);
            }
        }
    }

    int size() {
        synchronized (entries) {
            return entries.size();
        }
    }

    /** Of the files of all that are in memory. */
    long bytes() {
        synchronized (entries) {
            return entries.values().stream().mapToLong(Entry::sizeBytes).sum();
        }
    }

    /** Whether a version is in memory; to ask is not to use it. */
    boolean isLoaded(ModelName name, int version) {
        var key = new Key(name, version);
        synchronized (entries) {
            // get() would make it the most recently used.
            return entries.entrySet().stream()
                    .anyMatch(each -> each.getKey().equals(key) && each.getValue().isLoaded());
        }
    }

    /** Where requests to a version wait; empty where it is not in memory. */
    Optional<Lane<Rows, float[]>> lane(ModelName name, int number) {
        synchronized (entries) {
            return Optional.ofNullable(entries.get(new Key(name, number))).flatMap(Entry::lane);
        }
    }

    /**
     * Lets a version go; it is loaded again by the next request to it.
     *
     * @return whether it was in memory
     */
    boolean unload(ModelName name, int version) {
        return letGo(new Key(name, version));
    }

    @TransactionalEventListener
    void onDeleted(ModelDeleted deleted) {
        letGo(new Key(deleted.name(), deleted.version()));
    }

    private boolean letGo(Key key) {
        Entry entry;
        synchronized (entries) {
            entry = entries.remove(key);
        }
        if (entry != null) {
            entry.leave();
        }
        return entry != null;
    }

    @PreDestroy
    void close() {
        List<Entry> all;
        synchronized (entries) {
            all = evict(0, 0, null);
        }
        all.forEach(Entry::leave);
    }

    /** A model and how many hold it; the map itself is the first holder. */
    private final class Entry {
        private final ModelVersion version;
        private final Object loading = new Object();
        private int holders = 1;
        private volatile @Nullable ServedModel model;

        Entry(ModelVersion version) {
            this.version = version;
        }

        long sizeBytes() {
            return version.file(ModelFile.TORCHSCRIPT).blob().sizeBytes();
        }

        boolean isLoaded() {
            return model != null;
        }

        Optional<Lane<Rows, float[]>> lane() {
            return Optional.ofNullable(model).map(ServedModel::lane);
        }

        boolean isPreferred() {
            return preferred.contains(new Models.Place(version.name(), version.number()));
        }

        synchronized void enter() {
            holders++;
        }

        /** Loads at the first use; others wait for it. */
        ServedModel model() {
            var there = model;
            if (there != null) {
                return there;
            }
            synchronized (loading) {
                there = model;
                if (there == null) {
                    there = loader.load(version);
                    model = there;
                }
                return there;
            }
        }

        synchronized void leave() {
            holders--;
            var there = model;
            if (holders == 0 && there != null) {
                there.close();
            }
        }
    }
}
