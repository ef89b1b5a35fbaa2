package dev.hearth.dataset;

import dev.hearth.storage.Scratch;
import jakarta.servlet.MultipartConfigElement;
import java.io.IOException;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.servlet.autoconfigure.MultipartProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
    DatasetSettings.class,
    ImageSettings.class,
    IntakeSettings.class,
    MultipartProperties.class
})
class DatasetConfiguration {

    /**
     * The files of a form are written to this process's own unfinished files: on the disk that is
     * meant for data, and removed at the next start where the process dies meanwhile.
     */
    @Bean
    MultipartConfigElement multipartConfig(MultipartProperties limits, Scratch scratch)
            throws IOException {
        return new MultipartConfigElement(
                scratch.newFolder().toString(),
                limits.getMaxFileSize().toBytes(),
                limits.getMaxRequestSize().toBytes(),
                Math.toIntExact(limits.getFileSizeThreshold().toBytes()));
    }
}
