package dev.hearth.run;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells one client of a run, as Server-Sent Events: what happened since the event that the client
 * has, then what happens, until the run has ended. Events have their number as their ID, so that a
 * client goes on where it was; progress is told in between, without ID, and only as it then is.
 */
final class EventStream {

    private static final int PAGE = 200;
    private static final long HEARTBEAT_NANOS = Duration.ofSeconds(15).toNanos();

    /** Where a stream learns of its run. */
    interface Source {

        /** Waits for news, a second at most; empty when there will be none any more. */
        Optional<RunPulse> next() throws InterruptedException;

        /** Events after a number, in order. */
        List<RunEvent> after(int number, int limit);
    }

    /**
     * Whom it tells.
     *
     * @param out takes text, and has sent it when it returns
     * @param isGone whether the client has hung up
     */
    record Client(Output out, BooleanSupplier isGone) {}

    /** Sends text to the client. */
    @FunctionalInterface
    interface Output {
        void send(String text) throws IOException;
    }

    private final Source source;
    private final Client client;
    private final JsonMapper json;
    private final LongSupplier nanoTime;
    private RunPulse.@Nullable Progress told;
    private long lastSent;

    EventStream(Source source, Client client, JsonMapper json, LongSupplier nanoTime) {
        this.source = source;
        this.client = client;
        this.json = json;
        this.nanoTime = nanoTime;
    }

    /**
     * Returns when the run has ended and its last event is sent, when the client is gone, or when
     * there is no more to learn.
     *
     * @param after the number of the last event that the client has
     * @throws IOException if the client does not take what it is sent
     */
    void run(int after) throws IOException, InterruptedException {
        send("retry: 1000\n\n");
        int last = after;
        while (true) {
            Optional<RunPulse> next = source.next();
            if (next.isEmpty() || client.isGone().getAsBoolean()) {
                return;
            }
            RunPulse pulse = next.get();
            while (last < pulse.events()) {
                List<RunEvent> events = source.after(last, PAGE);
                if (events.isEmpty()) {
                    return; // the run has been deleted meanwhile
                }
                for (RunEvent event : events) {
                    send(
                            "id: %d\nevent: %s\ndata: %s\n\n"
                                    .formatted(
                                            event.number(),
                                            event.type().text(),
                                            json.writeValueAsString(event)));
                    last = event.number();
                }
            }
            // State and number of events are of one moment, so the last event has been sent.
            if (pulse.state().isFinal()) {
                return;
            }
            tellProgress(pulse.progress());
        }
    }

    private void tellProgress(RunPulse.Progress progress) throws IOException {
        if (!progress.equals(told)) {
            send("event: progress\ndata: %s\n\n".formatted(json.writeValueAsString(progress)));
            told = progress;
        } else if (nanoTime.getAsLong() - lastSent >= HEARTBEAT_NANOS) {
            send(": heartbeat\n\n");
        }
    }

    private void send(String text) throws IOException {
        client.out().send(text);
        lastSent = nanoTime.getAsLong();
    }
}
