package dev.hearth.storage;

import java.io.IOException;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StorageSettings.class)
class StorageConfiguration {

    @Bean
    Scratch scratch(StorageSettings settings) throws IOException {
        return Scratch.in(settings.scratch());
    }

    @Bean
    BlobStore blobStore(StorageSettings settings, Scratch scratch, BlobOwners owners)
            throws IOException {
        return new FolderBlobStore(settings.blobs(), scratch, owners);
    }
}
