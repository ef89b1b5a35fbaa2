package dev.hearth.run;

import dev.hearth.dataset.DatasetId;
import dev.hearth.http.Owner;
import dev.hearth.job.JobRank;
import dev.hearth.model.ModelName;
import dev.hearth.spec.TrainingRequest;
import java.util.Optional;

/**
 * A run to be, whose request has been checked.
 *
 * @param request as it was sent
 */
record NewRun(
        ModelName model,
        DatasetId dataset,
        JobRank rank,
        String request,
        int epochs,
        Optional<PartOf> partOf) {

    /**
     * @param parsed what {@code request} says
     */
    static NewRun of(TrainingRequest parsed, String request, Owner owner, Optional<PartOf> partOf) {
        return new NewRun(
                new ModelName(parsed.name().orElseThrow()),
                DatasetId.parse(parsed.dataset().orElseThrow()),
                new JobRank(owner.name(), parsed.priority()),
                request,
                parsed.spec().schedule().epochs(),
                partOf);
    }
}
