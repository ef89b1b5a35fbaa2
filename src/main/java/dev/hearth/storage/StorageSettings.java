package dev.hearth.storage;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where files are kept.
 *
 * @param dataDir the folder of everything that Hearth keeps; blobs live in its folder {@code
 *     blobs}, unfinished files in {@code scratch}
 */
@ConfigurationProperties("hearth")
record StorageSettings(@DefaultValue("./data") Path dataDir) {

    Path blobs() {
        return dataDir.toAbsolutePath().normalize().resolve("blobs");
    }

    Path scratch() {
        return dataDir.toAbsolutePath().normalize().resolve("scratch");
    }
}
