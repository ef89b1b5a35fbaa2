package dev.hearth.serving;

import dev.hearth.model.ModelName;
import dev.hearth.model.Models;
import dev.hearth.problem.ProblemException;
import java.util.OptionalInt;
import org.springframework.stereotype.Service;

/**
 * Refuses early what would have to be refused once it had been read and parsed: where a queue is
 * full, reading is the larger part of the work. Asks no database.
 */
@Service
public class Admission {

    private final ServedVersions versions;
    private final LoadedModels loaded;
    private final Predictor predictor;
    private final ServingMeters meters;

    Admission(
            ServedVersions versions,
            LoadedModels loaded,
            Predictor predictor,
            ServingMeters meters) {
        this.versions = versions;
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
