package dev.hearth.serving;

import dev.hearth.model.ModelName;
import dev.hearth.model.ModelVersion;
import dev.hearth.model.Models;
import dev.hearth.problem.ProblemException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.stereotype.Service;

/**
 * Refuses early what would have to be refused once it had been read and parsed: where a queue is
 * full, reading is the larger part of the work. Asks no database.
 */
@Service
public class Admission {

    private final ServedVersions versions;
    private final ServedAliases aliases;
    private final LoadedModels loaded;
    private final Predictor predictor;
    private final ServingMeters meters;

    Admission(
            ServedVersions versions,
            ServedAliases aliases,
            LoadedModels loaded,
            Predictor predictor,
            ServingMeters meters) {
        this.versions = versions;
        this.aliases = aliases;
        this.loaded = loaded;
        this.predictor = predictor;
        this.meters = meters;
    }

    /**
     * Of a request to whatever model.
     *
     * @throws ProblemException OVERLOADED if too many wait already
     */
    public void requireRoom() {
        predictor.requireRoom();
    }

    /**
     * Of a request to a version, or to the latest one. Where nobody knows which that is without
     * asking the database, the request is let pass; the queue itself looks again.
     *
     * @throws ProblemException OVERLOADED if too many wait already
     */
    public void requireRoom(ModelName name, OptionalInt number) {
        var asked = number.isPresent() ? number : versions.latestKnown(name);
        if (asked.isPresent()) {
            requireRoom(name, asked.getAsInt());
        } else {
            predictor.requireRoom();
        }
    }

    /**
     * Of a request to an alias: there is room as long as one of the versions has any that may
     * answer, as far as this process knows. One that is not in memory has no queue yet, and an
     * alias that nobody has asked for is not known.
     *
     * @throws ProblemException OVERLOADED if too many wait already
     */
    public void requireRoom(ModelReference.Aliased alias) {
        List<ModelVersion> routes = aliases.known(alias).map(this::drawnFirst).orElse(List.of());
        List<Lane<Rows, float[]>> lanes =
                routes.stream()
                        .flatMap(each -> loaded.lane(each.name(), each.number()).stream())
                        .toList();
        if (routes.isEmpty() || lanes.size() < routes.size()) {
            predictor.requireRoom();
            return;
        }
        try {
            predictor.requireRoom(lanes);
        } catch (ProblemException e) {
            var drawn = routes.getFirst();
            meters.of(new Models.Place(drawn.name(), drawn.number())).refused(e.code());
            throw e;
        }
    }

    /** The versions that may answer; first the one that would, of which a refusal is counted. */
    private List<ModelVersion> drawnFirst(ServedAlias alias) {
        var routes = new ArrayList<>(alias.routes());
        int drawn = alias.alias().setting().route(ThreadLocalRandom.current().nextDouble());
        Collections.swap(routes, 0, drawn);
        return routes;
    }

    /**
     * Of a request to a version.
     *
     * @throws ProblemException OVERLOADED if too many wait already
     */
    public void requireRoom(ModelName name, int number) {
        var lane = loaded.lane(name, number);
        if (lane.isEmpty()) {
            predictor.requireRoom();
            return;
        }
        try {
            predictor.requireRoom(lane.get());
        } catch (ProblemException e) {
            // It is in memory, so there is such a version.
            meters.of(new Models.Place(name, number)).refused(e.code());
            throw e;
        }
    }
}
