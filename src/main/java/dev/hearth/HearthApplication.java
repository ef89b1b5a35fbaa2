package dev.hearth;

import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

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
}
