package dev.hearth.serving;

import dev.hearth.problem.ProblemException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

/** Loads the models that the settings name; the service is not ready before. */
@Component
class Preload implements ApplicationRunner {

    private static final Logger log = LoggerFactory.getLogger(Preload.class);

    private final ServingSettings settings;
    private final ModelReferences references;
    private final LoadedModels loaded;

    Preload(ServingSettings settings, ModelReferences references, LoadedModels loaded) {
        this.settings = settings;
        this.references = references;
        this.loaded = loaded;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        for (String name : settings.memory().preload()) {
            try {
                references.all(ModelReference.of(name, null)).forEach(loaded::load);
            } catch (ProblemException e) {
                // One model that is not there should not keep the others from being served.
                log.warn("{} is not loaded at the start: {}", name, e.detail());
            }
        }
    }
}
