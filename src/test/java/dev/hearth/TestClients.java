package dev.hearth;

import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import tools.jackson.databind.json.JsonMapper;

/** Makes the {@link Client} of the running service; lazily, as its port is known late. */
@TestConfiguration(proxyBeanMethods = false)
public class TestClients {

    @Bean
    @Lazy
    Client client(Environment environment, JsonMapper json) {
        var port = environment.getRequiredProperty("local.server.port", Integer.class);
        return new Client(port, json);
    }
}
