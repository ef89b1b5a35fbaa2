package dev.hearth.http;

import dev.hearth.problem.ProblemWriter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.WebMvcRegistrations;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.web.filter.RequestContextFilter;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(HttpSettings.class)
class HttpConfiguration {

    private static final int BODY_BUDGET = 10;

    /** A number is no text: Jackson alone would make {@code "1"} of {@code 1}. */
    @Bean
    JsonMapperBuilderCustomizer textsAreTexts() {
        return builder ->
                builder.withCoercionConfig(
                        LogicalType.Textual,
                        texts ->
                                texts.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                        .setCoercion(
                                                CoercionInputShape.Boolean, CoercionAction.Fail));
    }

    @Bean
    WebMvcRegistrations prefixedMappings() {
        return new WebMvcRegistrations() {
            @Override
            public RequestMappingHandlerMapping getRequestMappingHandlerMapping() {
                return new PrefixedMappings();
            }
        };
    }

    @Bean
    JsonBody jsonBody(JsonMapper json) {
        return new JsonBody(json);
    }

    @Bean
    Idempotency idempotency(
            JdbcClient sql, TransactionOperations transactions, InstantSource time) {
        return new Idempotency(sql, transactions, time);
    }

    /** After Spring Security's filter, so that who may not ask learns no limits. */
    @Bean
    FilterRegistrationBean<BodyLimitFilter> bodyLimitFilter(
            HttpSettings settings, ProblemWriter problems) {
        var filter = new FilterRegistrationBean<>(new BodyLimitFilter(settings.http(), problems));
        filter.setOrder(0);
        return filter;
    }

    @Bean
    BodyBudget bodyBudget(HttpSettings settings, MeterRegistry registry) {
        var budget = new BodyBudget(settings.http().maxBodiesBytes());
        Gauge.builder("hearth.http.bodies", budget, held -> (double) held.heldBytes())
                .baseUnit("bytes")
                .description("Of the bodies of requests that are held in memory")
                .register(registry);
        Gauge.builder("hearth.http.bodies.limit", budget, held -> (double) held.limitBytes())
                .baseUnit("bytes")
                .description("The most that bodies of requests may take of the memory at once")
                .register(registry);
        FunctionCounter.builder("hearth.http.rejections", budget, held -> (double) held.refused())
                .description("Requests refused because others' bodies took too much memory")
                .register(registry);
        return budget;
    }

    /** The last before Spring, so that who is refused for another reason has taken nothing. */
    @Bean
    FilterRegistrationBean<BodyBudgetFilter> bodyBudgetFilter(
            BodyBudget budget, ProblemWriter problems) {
        var filter = new FilterRegistrationBean<>(new BodyBudgetFilter(budget, problems));
        filter.setOrder(BODY_BUDGET);
        return filter;
    }

    /** None: Spring's servlet tells each thread of its request, and nothing before it asks. */
    @Bean
    FilterRegistrationBean<RequestContextFilter> noRequestContextFilter() {
        var filter = new FilterRegistrationBean<>(new RequestContextFilter());
        filter.setEnabled(false);
        return filter;
    }

    @Bean
    Drain drain(HttpSettings settings) {
        return new Drain(settings.http().drainDelay());
    }

    @Bean
    FilterRegistrationBean<ConnectionFilter> connectionFilter(Drain drain) {
        var filter = new FilterRegistrationBean<>(new ConnectionFilter(drain));
        filter.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return filter;
    }

    @Bean
    FilterRegistrationBean<ResourceEtagFilter> resourceEtagFilter() {
        var filter = new FilterRegistrationBean<>(new ResourceEtagFilter());
        filter.setOrder(Ordered.LOWEST_PRECEDENCE);
        return filter;
    }

    /** A client that asks first ({@code Expect: 100-continue}) need not send what is refused. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> continueOnlyWhenRead() {
        return factory ->
                factory.addConnectorCustomizers(
                        connector -> connector.setProperty("continueResponseTiming", "onRead"));
    }

    /** For {@link ClientWatch}. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> watchedConnections() {
        return factory -> factory.setProtocol(WatchedProtocol.class.getName());
    }
}
