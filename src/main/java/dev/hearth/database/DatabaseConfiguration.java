package dev.hearth.database;

import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Names the server to Spring Boot, which makes the pool, the migrations and {@code JdbcClient} of
 * it. The pool depends on this bean, so it is closed before the embedded server stops.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DatabaseSettings.class)
class DatabaseConfiguration {

    @Bean
    JdbcConnectionDetails databaseConnection(DatabaseSettings settings) {
        return settings.database().isEmbedded()
                ? EmbeddedDatabase.start(settings.postgresDir(), settings.programsDir())
                : new NamedDatabase(settings.database());
    }

    /** The one clock of all that Hearth writes down and compares. */
    @Bean
    DatabaseClock time(JdbcClient sql) {
        return new DatabaseClock(sql, InstantSource.system());
    }

    private record NamedDatabase(DatabaseSettings.Server server) implements JdbcConnectionDetails {

        @Override
        public String getJdbcUrl() {
            return server.url();
        }

        @Override
        public String getUsername() {
            return server.user();
        }

        @Override
        public String getPassword() {
            return server.password();
        }
    }
}
