package dev.hearth.batch;

import dev.hearth.dataset.DatasetId;
import dev.hearth.dataset.DatasetUse;
import dev.hearth.model.ModelName;
import dev.hearth.model.ModelUse;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Keeps what a prediction needs from being deleted until it has ended. */
@Component
class BatchUses implements DatasetUse, ModelUse {

    private final BatchTable table;

    BatchUses(BatchTable table) {
        this.table = table;
    }

    @Override
    public Optional<String> user(DatasetId dataset) {
        return table.unfinished(dataset).map(BatchUses::standing);
    }

    @Override
    public Optional<String> user(ModelName name, int number) {
        return table.unfinished(name, number)
                .map(batch -> standing(batch) + "; wait for it, or cancel it");
    }

    private static String standing(Batch batch) {
        return "prediction %s is %s".formatted(batch.id(), batch.state().text());
    }
}
