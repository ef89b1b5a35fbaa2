package dev.hearth.batch;

import dev.hearth.dataset.DatasetId;
import dev.hearth.job.JobRank;
import dev.hearth.model.AliasName;
import dev.hearth.model.ModelName;
import java.util.List;
import java.util.Optional;

/**
 * What a prediction over a data set is asked for.
 *
 * @param name that its owner gave it
 * @param version of the model, fixed when it is asked for
 * @param alias that stood for the version then; empty where none was named
 * @param columns of the data set, copied into the result
 * @param rank its owner, and its priority in the queue
 */
record NewBatch(
        Optional<String> name,
        ModelName model,
        int version,
        Optional<AliasName> alias,
        DatasetId dataset,
        List<String> columns,
        JobRank rank) {

    NewBatch {
        columns = List.copyOf(columns);
    }
}
