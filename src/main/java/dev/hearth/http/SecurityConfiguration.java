package dev.hearth.http;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.ProblemWriter;
import jakarta.servlet.DispatcherType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.header.writers.StaticHeadersWriter;

/** Who may ask: whoever has a key, or everybody where none is set. No sessions, no cookies. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    private static final Logger log = LoggerFactory.getLogger(SecurityConfiguration.class);

    private static final String[] WITHOUT_KEY = {
        "/actuator/health",
        "/actuator/health/**",
        "/v2/health/live",
        "/v2/health/ready",
        "/swagger-ui.html",
        "/swagger-ui/**",
        "/v3/api-docs",
        "/v3/api-docs/**",
        "/v3/api-docs.yaml"
    };

    @Bean
    Credentials credentials(HttpSettings settings) {
        return Credentials.of(settings.security().apiKeys());
    }

    /** The request as a whole is observed; each of its filters would cost as much again. */
    @Bean
    SecurityObservationSettings noObservationOfEachFilter() {
        return SecurityObservationSettings.noObservations();
    }

    @Bean
    SecurityFilterChain security(
            HttpSecurity http, Credentials credentials, ProblemWriter problems) {
        if (credentials.isOpen()) {
            log.info(
                    "No API keys are set (HEARTH_API_KEYS): whoever reaches this service may use it");
        }
        return http.csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(
                        sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .headers(SecurityConfiguration::headers)
                .authorizeHttpRequests(requests -> {
                    requests.dispatcherTypeMatchers(
                                    DispatcherType.ERROR,
                                    DispatcherType.ASYNC,
                                    DispatcherType.FORWARD)
                            .permitAll();
                    if (credentials.isOpen()) {
                        requests.anyRequest().permitAll();
                    } else {
                        requests.requestMatchers(WITHOUT_KEY).permitAll();
                        requests.anyRequest().authenticated();
                    }
                })
                .exceptionHandling(exceptions ->
                        exceptions
                                .authenticationEntryPoint((request, response, _) ->
                                        problems.write(request, response, Credentials.missing()))
                                .accessDeniedHandler((request, response, _) ->
                                        problems.write(
                                                request,
                                                response,
                                                new ProblemException(
                                                        ProblemCode.FORBIDDEN,
                                                        "The key does not allow" + " this."))))
                .addFilterBefore(new ApiKeyFilter(credentials, problems), AuthorizationFilter.class)
                .build();
    }

    /** Resources have ETags, so a client may keep them, if it asks each time. */
    private static void headers(HeadersConfigurer<HttpSecurity> headers) {
        headers.cacheControl(HeadersConfigurer.CacheControlConfig::disable)
                .addHeaderWriter(new StaticHeadersWriter("Cache-Control", "no-cache, private"))
                .contentSecurityPolicy(policy ->
                        policy.policyDirectives(
                                "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src"
                                        + " 'self' data:; object-src 'none'; frame-ancestors"
                                        + " 'none'"))
                .referrerPolicy(policy -> policy.policy(ReferrerPolicy.NO_REFERRER));
    }
}
