package dev.hearth;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Tells whoever started the service where it is and what to type next. */
@Component
class Greeting {

    private static final Logger log = LoggerFactory.getLogger(Greeting.class);

    private final Environment environment;

    Greeting(Environment environment) {
        this.environment = environment;
    }

    @EventListener
    void ready(ApplicationReadyEvent event) {
        var address = "http://localhost:" + environment.getProperty("local.server.port", "8080");
        var seconds = event.getTimeTaken() == null ? 0 : event.getTimeTaken().toMillis() / 1000.0;
        log.info(
                "Hearth is ready after {} s: {} (all calls: {}/swagger-ui.html)",
                seconds,
                address,
                address);
        log.info(
                "Next, in another terminal: curl -F file=@examples/data/iris.csv {}/v1/datasets",
                address);
    }
}
