package dev.hearth.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.HearthApplication;
import dev.hearth.TestEnvironment;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** A service of its own, since it is stopped. */
class DrainTest {

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void aServiceThatIsToStopSaysSoFirstGoesOnForAWhileAndAnswersWhatItHas()
            throws IOException, InterruptedException {
        ConfigurableApplicationContext context =
                new SpringApplicationBuilder(HearthApplication.class)
                        .initializers(new TestEnvironment())
                        .profiles("test")
                        .run("--server.port=0", "--hearth.http.drain-delay=5s");
        String service =
                "http://localhost:" + context.getEnvironment().getProperty("local.server.port");
        var probe = context.getBean(ProbeController.class);
        try {
            var inFlight =
                    http.sendAsync(request(service + "/v1/probe/patient"), BodyHandlers.ofString());
            await().until(() -> probe.waiting() != null);
            assertThat(get(service + "/v2/health/ready").statusCode()).isEqualTo(200);

            var closing = CompletableFuture.runAsync(context::close);

            await().until(() -> get(service + "/v2/health/ready").statusCode() == 503);
            assertThat(get(service + "/actuator/health/readiness").statusCode()).isEqualTo(503);
            var stillTaken = get(service + "/v2/health/live");
            assertThat(stillTaken.statusCode()).isEqualTo(200);
            assertThat(stillTaken.headers().firstValue("Connection")).contains("close");

            await().atMost(Duration.ofSeconds(30)).until(() -> isRefused(service));
            assertThat(inFlight).isNotDone();
            probe.letGo();
            assertThat(inFlight.join().statusCode()).isEqualTo(200);
            closing.join();
        } finally {
            probe.letGo();
            context.close();
        }
    }

    private HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return http.send(request(url), BodyHandlers.ofString());
    }

    private static HttpRequest request(String url) {
        return HttpRequest.newBuilder(URI.create(url)).build();
    }

    private boolean isRefused(String service) throws IOException, InterruptedException {
        try {
            get(service + "/v2/health/live");
            return false;
        } catch (ConnectException e) {
            return true;
        }
    }
}
