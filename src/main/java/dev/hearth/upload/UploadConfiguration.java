package dev.hearth.upload;

import dev.hearth.problem.ProblemWriter;
import dev.hearth.storage.Reservations;
import dev.hearth.storage.Scratch;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.multipart.MultipartResolver;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({UploadSettings.class, FileLimits.class})
class UploadConfiguration {

    /** By the name that Spring looks for. */
    @Bean
    MultipartResolver multipartResolver(Scratch scratch) {
        return new FormFiles(scratch);
    }

    /** After the limits of the server, which are the same for everybody. */
    @Bean
    FilterRegistrationBean<IntakeFilter> intakeFilter(
            Reservations reservations, FileLimits limits, ProblemWriter problems) {
        var filter = new FilterRegistrationBean<>(new IntakeFilter(reservations, limits, problems));
        filter.setOrder(1);
        return filter;
    }
}
