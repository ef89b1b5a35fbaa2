package dev.hearth.dataset;

import dev.hearth.http.Owner;
import dev.hearth.upload.Intake;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** How the making of a data set is answered: 201 once it is ready, or 202 while it is prepared. */
@Component
class DatasetAnswer {

    static final String LATER =
            "The files are stored and the data set is being prepared; its state tells when it is"
                    + " ready, or why it was rejected.";

    private static final String RESPOND_ASYNC = "respond-async";

    private final Datasets datasets;

    DatasetAnswer(Datasets datasets) {
        this.datasets = datasets;
    }

    /**
     * @param key the header {@code Idempotency-Key}
     * @param prefer the header {@code Prefer}, as RFC 7240 has it
     */
    static DatasetUpload.Wish wish(@Nullable String key, @Nullable String prefer) {
        var async =
                prefer != null
                        && Arrays.stream(prefer.split("[,;]", -1))
                                .anyMatch(one -> one.strip().equalsIgnoreCase(RESPOND_ASYNC));
        return new DatasetUpload.Wish(Optional.ofNullable(key), async);
    }

    /** Whose it is to be that makes it, and the room that is reserved for it. */
    static NewDataset.Intake intake(HttpServletRequest request) {
        return new NewDataset.Intake(Owner.current(), Intake.of(request));
    }

    ResponseEntity<DatasetView> of(DatasetUpload.Taken taken) {
        var place = URI.create("/v1/datasets/" + taken.id());
        var view = DatasetView.of(datasets.entry(taken.id()));
        return taken.async()
                ? ResponseEntity.accepted().location(place).body(view)
                : ResponseEntity.created(place).body(view);
    }
}
