package dev.hearth.run;

import dev.hearth.http.JsonBody;
import dev.hearth.spec.Limits;
import dev.hearth.spec.SpecReader;
import dev.hearth.spec.TrainingRequest;
import dev.hearth.spec.TrainingRequest.Purpose;
import java.nio.charset.StandardCharsets;
import org.springframework.stereotype.Component;

/** Reads the JSON of runs. */
@Component
class RunRequests {

    private final JsonBody json;
    private final SpecReader reader = new SpecReader(Limits.DEFAULT);

    RunRequests(JsonBody json) {
        this.json = json;
    }

    TrainingRequest parse(byte[] body, Purpose purpose) {
        return reader.read(json.parse(body), purpose);
    }

    /** Reads again what was accepted and stored. */
    TrainingRequest parse(String stored) {
        return parse(stored.getBytes(StandardCharsets.UTF_8), Purpose.RUN);
    }
}
