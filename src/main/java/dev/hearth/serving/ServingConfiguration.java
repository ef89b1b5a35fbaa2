package dev.hearth.serving;

import dev.hearth.problem.ProblemWriter;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ServingSettings.class, ExplainSettings.class})
@EnableScheduling
class ServingConfiguration {

    private static final Pattern PREDICT =
            Pattern.compile(
                    "/v1/models/(?<name>[^/:@]+)(?:@(?<alias>[^/:]+))?(?:/versions/(?<version>[1-9][0-9]{0,8}))?:predict");

    /** After those that say what is wrong with a request for good. */
    @Bean
    FilterRegistrationBean<AdmissionFilter> predictAdmission(
            Admission admission, ProblemWriter problems) {
        var filter =
                new FilterRegistrationBean<>(
                        new AdmissionFilter(":predict", PREDICT, admission, problems));
        filter.setName("predictAdmission");
        filter.setOrder(2);
        return filter;
    }
}
