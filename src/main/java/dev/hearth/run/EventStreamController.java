package dev.hearth.run;

import dev.hearth.http.ClientWatch;
import dev.hearth.http.PageRequest;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What happens in a run, as it happens. */
@RestController
@Hidden
class EventStreamController {

    private static final Logger log = LoggerFactory.getLogger(EventStreamController.class);

    private final Runs runs;
    private final EventStreams streams;
    private final ClientWatch clients;

    EventStreamController(Runs runs, EventStreams streams, ClientWatch clients) {
        this.runs = runs;
        this.streams = streams;
        this.clients = clients;
    }

    /**
     * Answers on the request's own thread, which is a virtual one: it costs nothing while it waits,
     * and a client that reads slowly holds up nobody else.
     */
    @GetMapping(path = "/v1/runs/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    void events(
            @PathVariable String id,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEvent,
            @RequestParam(required = false) @Nullable String cursor,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        Run run = runs.require(RunId.parse(id));
        int after = lastEvent == null ? place(PageRequest.place(cursor)) : number(lastEvent);
        if (run.state().isFinal() && after >= run.events()) {
            // What tells a browser's EventSource not to connect again.
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            return;
        }
        if (request.getMethod().equals("HEAD")) {
            response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
            return;
        }
        try {
            streams.stream(
                    run,
                    after,
                    new EventStream.Client(text -> send(response, text), clients.of(request)));
        } catch (IOException e) {
            log.debug("A client has left the events of run {}", id, e);
        }
    }

    private static void send(HttpServletResponse response, String text) throws IOException {
        if (!response.isCommitted()) {
            response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
            response.setCharacterEncoding(StandardCharsets.UTF_8);
            // Proxies such as nginx hold answers back otherwise.
            response.setHeader("X-Accel-Buffering", "no");
        }
        ServletOutputStream out = response.getOutputStream();
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static int number(String lastEvent) {
        if (!lastEvent.matches("\\d{1,18}")) {
            throw ProblemException.at(
                    ProblemCode.INVALID_PARAMETER,
                    "Last-Event-ID",
                    "expected the ID of an event of this run, a whole number");
        }
        return place(Long.parseLong(lastEvent));
    }

    private static int place(long number) {
        return (int) Math.min(number, Integer.MAX_VALUE);
    }
}
