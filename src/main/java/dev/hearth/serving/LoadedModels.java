package dev.hearth.serving;

import dev.hearth.model.ModelDeleted;
import dev.hearth.model.ModelFile;
import dev.hearth.model.ModelName;
import dev.hearth.model.ModelVersion;
import dev.hearth.storage.BlobStore;
import dev.hearth.torchscript.LibTorch;
import dev.hearth.torchscript.ServingProgram;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * The versions in memory, the least recently used first to go. A version that is being used is
 * closed when its last user is done.
 */
@Component
class LoadedModels {

    private record Key(ModelName name, int version) {}

    private final BlobStore blobs;
    private final ServingSettings settings;
    private final LinkedHashMap<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    LoadedModels(BlobStore blobs, ServingSettings settings) {
        this.blobs = blobs;
        this.settings = settings;
    }

    /** Runs {@code work} with the version's program, loading it first where that is needed. */
    <T> T with(ModelVersion version, Function<ServingProgram, T> work) {
        Entry entry = enter(version);
        try {
            return work.apply(entry.program());
        } finally {
            entry.leave();
        }
    }

    private Entry enter(ModelVersion version) {
        List<Entry> evicted;
        Entry entry;
        synchronized (entries) {
            entry =
                    entries.computeIfAbsent(
                            new Key(version.name(), version.number()), _ -> new Entry(version));
            entry.enter();
            evicted = evictBeyond(settings.maxLoadedModels());
        }
        evicted.forEach(Entry::leave);
        return entry;
    }

    /** Takes entries out of the map; the caller lets go of them outside the lock. */
    private List<Entry> evictBeyond(int most) {
        var evicted = new ArrayList<Entry>();
        var oldest = entries.values().iterator();
        while (entries.size() > most) {
            evicted.add(oldest.next());
            oldest.remove();
        }
        return evicted;
    }

    int size() {
        synchronized (entries) {
            return entries.size();
        }
    }

    /** Brings a version into memory, where it is not there yet. */
    void load(ModelVersion version) {
        with(version, _ -> version);
    }

    boolean isLoaded(ModelName name, int version) {
        synchronized (entries) {
            return entries.containsKey(new Key(name, version));
        }
    }

    @TransactionalEventListener
    void onDeleted(ModelDeleted deleted) {
        unload(deleted.name(), deleted.version());
    }

    /** Lets a version go; the next request to it loads it again. */
    void unload(ModelName name, int version) {
        Entry entry;
        synchronized (entries) {
            entry = entries.remove(new Key(name, version));
        }
        if (entry != null) {
            entry.leave();
        }
    }

    @PreDestroy
    void close() {
        List<Entry> all;
        synchronized (entries) {
            all = evictBeyond(0);
        }
        all.forEach(Entry::leave);
    }

    /** A program and how many hold it; the map itself is the first holder. */
    private final class Entry {
        private final ModelVersion version;
        private int holders = 1;
        private @Nullable ServingProgram program;

        Entry(ModelVersion version) {
            this.version = version;
        }

        synchronized void enter() {
            holders++;
        }

        /** Loads at the first use; others wait for it. */
        synchronized ServingProgram program() {
            if (program == null) {
                try (InputStream archive =
                        blobs.open(version.file(ModelFile.TORCHSCRIPT).blob().hash())) {
                    program =
                            ServingProgram.load(
                                    archive.readAllBytes(),
                                    LibTorch.chooseDevice(settings.device()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return program;
        }

        synchronized void leave() {
            holders--;
            if (holders == 0 && program != null) {
                program.close();
            }
        }
    }
}
