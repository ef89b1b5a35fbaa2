package dev.hearth.run;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The streams of events that are open: not too many, and none when the process is to stop. */
@Component
@EnableConfigurationProperties(EventSettings.class)
class EventStreams {

    private static final Logger log = LoggerFactory.getLogger(EventStreams.class);

    private final RunPulses pulses;
    private final RunTable table;
    private final JsonMapper json;
    private final int most;
    private final Semaphore free;
    private volatile boolean stopping;

    EventStreams(
            RunPulses pulses,
            RunTable table,
            JsonMapper json,
            MeterRegistry registry,
            EventSettings settings) {
        this.pulses = pulses;
        this.table = table;
        this.json = json;
        this.most = settings.maxStreams();
        this.free = new Semaphore(most);
        Gauge.builder("hearth.run.event.streams", () -> most - free.availablePermits())
                .description("Clients that are being told of runs as it happens")
                .register(registry);
    }

    /**
     * Tells a client of a run until the run has ended, the client is gone or the process stops. The
     * calling thread does it.
     *
     * @param after the number of the last event that the client has
     * @throws ProblemException OVERLOADED, before anything is sent
     */
    void stream(Run run, int after, EventStream.Client client) throws IOException {
        if (stopping || !free.tryAcquire()) {
            throw new ProblemException(
                    ProblemCode.OVERLOADED,
                    stopping
                            ? "This process is stopping; connect again, and go on with"
                                    + " Last-Event-ID."
                            : ("All %d streams of events are in use (hearth.events.max-streams);"
                                            + " try again, or ask for the page of events: Accept:"
                                            + " application/json.")
                                    .formatted(most));
        }
        try (RunPulses.Watch watch = pulses.watch(run.id())) {
            new EventStream(source(run.id(), watch), client, json, System::nanoTime).run(after);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (DataAccessException e) {
            log.warn("A stream of events ends early; its client may go on where it was", e);
        } finally {
            free.release();
        }
    }

    private EventStream.Source source(RunId run, RunPulses.Watch watch) {
        return new EventStream.Source() {
            @Override
            public Optional<RunPulse> next() throws InterruptedException {
                Optional<RunPulse> pulse = watch.next();
                return stopping ? Optional.empty() : pulse;
            }

            @Override
            public List<RunEvent> after(int number, int limit) {
                return table.events(run, number, limit);
            }
        };
    }

    /** Before the server waits for its requests to end: these would not, by themselves. */
    @EventListener(ContextClosedEvent.class)
    void stop() {
        stopping = true;
    }
}
