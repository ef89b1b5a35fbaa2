package dev.hearth;

import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** Starts Hearth. */
@SpringBootApplication
public class HearthApplication {

    static void main(String[] args) {
        // Before any class of DJL is loaded: nothing is ever downloaded at run time.
        System.setProperty("ai.djl.offline", "true");
        var application = new SpringApplication(HearthApplication.class);
        if ("json".equals(System.getenv("HEARTH_LOG_FORMAT"))) {
            application.setDefaultProperties(Map.of("logging.structured.format.console", "ecs"));
        }
        application.run(args);
    }

    /** The time, in the microseconds that PostgreSQL keeps: what is stored is what was answered. */
    @Bean
    InstantSource time() {
        return Clock.tick(Clock.systemUTC(), Duration.ofNanos(1_000));
    }
}
