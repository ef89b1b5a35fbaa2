package dev.hearth.database;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the database is.
 *
 * @param dataDir the folder of everything that Hearth keeps; the embedded server lives in its
 *     folder {@code postgres}
 * @param database the server to use instead of the embedded one
 */
@ConfigurationProperties("hearth")
record DatabaseSettings(
        @DefaultValue("./data") Path dataDir, @DefaultValue DatabaseSettings.Server database) {

    /**
     * @param url a JDBC URL such as {@code jdbc:postgresql://db:5432/hearth}; empty means embedded
     * @param user empty means that the URL names it
     * @param password empty means none
     * @param binariesDir where the embedded server's programs are unpacked; default: the folder
     *     {@code postgres/programs} in the data folder
     */
    record Server(
            @DefaultValue("") String url,
            @DefaultValue("") String user,
            @DefaultValue("") String password,
            @Nullable Path binariesDir) {

        Server {
            if (!url.isEmpty() && !url.startsWith("jdbc:postgresql:")) {
                throw new IllegalArgumentException(
                        "hearth.database.url (HEARTH_DB_URL) has to start with 'jdbc:postgresql:', such"
                                + " as jdbc:postgresql://localhost:5432/hearth");
            }
        }

        boolean isEmbedded() {
            return url.isEmpty();
        }
    }

    Path postgresDir() {
        return dataDir.toAbsolutePath().normalize().resolve("postgres");
    }

    Path programsDir() {
        var configured = database.binariesDir();
        return configured == null
                ? postgresDir().resolve("programs")
                : configured.toAbsolutePath().normalize();
    }
}
