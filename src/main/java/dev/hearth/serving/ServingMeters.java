package dev.hearth.serving;

import dev.hearth.model.ModelDeleted;
import dev.hearth.model.ModelVersion;
import dev.hearth.model.Models;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * What is measured of predictions and of explanations, by model and version. A version's meters
 * stay when it leaves the memory, as counters have to, and go when it is deleted.
 */
@Component
class ServingMeters {

    private static final String PREDICTING = "hearth.serving";
    private static final String EXPLAINING = "hearth.serving.explain";

    private final MeterRegistry registry;
    private final Models models;
    private final ConcurrentHashMap<Models.Place, VersionMeters> all = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Models.Place, VersionMeters> explaining =
            new ConcurrentHashMap<>();

    ServingMeters(MeterRegistry registry, Models models) {
        this.registry = registry;
        this.models = models;
    }

    VersionMeters of(ModelVersion version) {
        return of(new Models.Place(version.name(), version.number()));
    }

    /** Of a version that is known to be there. */
    VersionMeters of(Models.Place place) {
        return all.computeIfAbsent(place, each -> new VersionMeters(registry, PREDICTING, each));
    }

    /** The same of the version's explanations, whose rows are those that the model is given. */
    VersionMeters explainingOf(ModelVersion version) {
        return explaining.computeIfAbsent(
                new Models.Place(version.name(), version.number()),
                each -> new VersionMeters(registry, EXPLAINING, each));
    }

    /** Of predictions. */
    List<VersionMeters> all() {
        return List.copyOf(all.values());
    }

    @TransactionalEventListener
    void onDeleted(ModelDeleted deleted) {
        forget(new Models.Place(deleted.name(), deleted.version()));
    }

    /** Those that another process has deleted, or that were asked while they were being deleted. */
    @Scheduled(fixedDelay = 5, timeUnit = TimeUnit.MINUTES)
    void forgetDeleted() {
        Set<Models.Place> gone = new HashSet<>(all.keySet());
        gone.addAll(explaining.keySet());
        if (gone.isEmpty()) {
            return;
        }
        models.index().forEach(gone::remove);
        gone.forEach(this::forget);
    }

    private void forget(Models.Place place) {
        for (var meters : List.of(all, explaining)) {
            var ofVersion = meters.remove(place);
            if (ofVersion != null) {
                ofVersion.close();
            }
        }
    }
}
