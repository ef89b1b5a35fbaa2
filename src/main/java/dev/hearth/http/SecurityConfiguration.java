package dev.hearth.http;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.ProblemWriter;
import jakarta.servlet.DispatcherType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.header.writers.StaticHeadersWriter;
import org.springframework.security.web.savedrequest.NullRequestCache;
import org.springframework.security.web.savedrequest.RequestCache;

/**
 * Who may ask: whoever has a key, or everybody where none is set. No sessions, no cookies, nobody
 * that is called anonymous: a request goes through all filters that there are.
 */
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
        // Where there is none, Spring Security would make a session of each request that it
        // refuses.
        http.setSharedObject(RequestCache.class, new NullRequestCache());
        if (!credentials.isOpen()) {
            http.authorizeHttpRequests(requests -> {
                requests.dispatcherTypeMatchers(
                                DispatcherType.ERROR, DispatcherType.ASYNC, DispatcherType.FORWARD)
                        .permitAll();
                requests.requestMatchers(WITHOUT_KEY).permitAll();
                requests.anyRequest().authenticated();
            });
        }
        return http.csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(AbstractHttpConfigurer::disable)
                .securityContext(AbstractHttpConfigurer::disable)
                .anonymous(AbstractHttpConfigurer::disable)
                .servletApi(AbstractHttpConfigurer::disable)
                .headers(SecurityConfiguration::headers)
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

    /**
     * Resources have ETags, so a client may keep them, if it asks each time. All are written before
     * the request is answered: waiting for the answer to be sent costs more.
     */
    private static void headers(HeadersConfigurer<HttpSecurity> headers) {
        headers.cacheControl(HeadersConfigurer.CacheControlConfig::disable)
                .addHeaderWriter(new StaticHeadersWriter("Cache-Control", "no-cache, private"))
                .contentSecurityPolicy(policy ->
                        policy.policyDirectives(
                                "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src"
                                        + " 'self' data:; object-src 'none'; frame-ancestors"
                                        + " 'none'"))
                .referrerPolicy(policy -> policy.policy(ReferrerPolicy.NO_REFERRER))
                .withObjectPostProcessor(
                        new ObjectPostProcessor<HeaderWriterFilter>() {
                            @Override
                            public <F extends HeaderWriterFilter> F postProcess(F filter) {
                                filter.setShouldWriteHeadersEagerly(true);
                                return filter;
                            }
                        });
    }
}
