package dev.hearth.problem;

import java.io.IOException;
import java.util.Objects;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * In place of Tomcat's HTML page for requests that it refuses before any of our code sees them,
 * such as {@code %2e%2e%2f} in a path. Public and with this constructor because Tomcat makes it by
 * name.
 */
public final class ProblemErrorReportValve extends ErrorReportValve {

    private static final Logger log = LoggerFactory.getLogger(ProblemErrorReportValve.class);

    private final ProblemWriter writer = new ProblemWriter(JsonMapper.shared());

    public ProblemErrorReportValve() {}

    @Override
    protected void report(Request request, Response response, @Nullable Throwable thrown) {
        var status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        try {
            response.resetBuffer();
            // Below 500 it is the client's doing, and what the server threw is only how it noticed.
            var problem =
                    thrown == null || status < 500
                            ? Problems.byStatus(status, null)
                            : Problems.of(Objects.requireNonNullElse(thrown.getCause(), thrown));
            writer.write(request, response.getResponse(), problem);
        } catch (IOException | IllegalStateException e) {
            log.debug("The client cannot be told", e);
        }
    }
}
