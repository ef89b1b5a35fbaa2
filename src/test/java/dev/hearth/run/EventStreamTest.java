package dev.hearth.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** What a client of a stream is sent, moment by moment. */
class EventStreamTest {

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .build();

    private final Deque<Runnable> moments = new ArrayDeque<>();
    private final List<RunEvent> events = new ArrayList<>();
    private final StringBuilder sent = new StringBuilder();
    private RunState state = RunState.QUEUED;
    private int epoch;
    private boolean isGone;
    private long nanos;

    private final EventStream.Source source =
            new EventStream.Source() {
                @Override
                public Optional<RunPulse> next() {
                    if (moments.isEmpty()) {
                        return Optional.empty();
                    }
                    moments.remove().run();
                    return Optional.of(
                            new RunPulse(
                                    state,
                                    events.size(),
                                    new RunPulse.Progress(
                                            epoch, 10, epoch / 10.0, Map.of("train_loss", 0.5))));
                }

                @Override
                public List<RunEvent> after(int number, int limit) {
                    return events.subList(number, Math.min(events.size(), number + limit));
                }
            };

    private void run(int after, EventStream.Output out) throws Exception {
        new EventStream(source, new EventStream.Client(out, () -> isGone), JSON, () -> nanos)
                .run(after);
    }

    private void happens(RunEvent.Type type) {
        events.add(
                new RunEvent(events.size() + 1, type, "so", Instant.parse("2030-01-01T12:00:00Z")));
    }

    @Test
    void eventsHaveTheirNumberAsIdProgressHasNoneAndTheLastEventEndsIt() throws Exception {
        happens(RunEvent.Type.QUEUED);
        moments.add(() -> {});
        moments.add(() -> {
            happens(RunEvent.Type.PREPARING);
            happens(RunEvent.Type.RUNNING);
            epoch = 1;
        });
        moments.add(() -> {});
        moments.add(() -> {
            happens(RunEvent.Type.SUCCEEDED);
            state = RunState.SUCCEEDED;
            epoch = 10;
        });
        moments.add(() -> {
            throw new IllegalStateException("nothing comes after the last event");
        });

        run(0, sent::append);

        assertThat(sent)
                .hasToString(
                        """
                        retry: 1000

                        id: 1
                        event: queued
                        data: {"number":1,"type":"queued","detail":"so","created_at":"2030-01-01T12:00:00Z"}

                        event: progress
                        data: {"epoch":0,"epochs":10,"progress":0.0,"metrics":{"train_loss":0.5}}

                        id: 2
                        event: preparing
                        data: {"number":2,"type":"preparing","detail":"so","created_at":"2030-01-01T12:00:00Z"}

                        id: 3
                        event: running
                        data: {"number":3,"type":"running","detail":"so","created_at":"2030-01-01T12:00:00Z"}

                        event: progress
                        data: {"epoch":1,"epochs":10,"progress":0.1,"metrics":{"train_loss":0.5}}

                        id: 4
                        event: succeeded
                        data: {"number":4,"type":"succeeded","detail":"so","created_at":"2030-01-01T12:00:00Z"}

                        """);
    }

    @Test
    void aClientThatComesBackIsToldWhatItHasMissedAndNothingTwice() throws Exception {
        for (int i = 0; i < 500; i++) {
            happens(RunEvent.Type.CHECKPOINT_FAILED);
        }
        state = RunState.FAILED;
        moments.add(() -> {});

        run(3, sent::append);

        var ids = sent.toString().lines().filter(line -> line.startsWith("id: ")).toList();
        assertThat(ids).hasSize(497).startsWith("id: 4", "id: 5").endsWith("id: 500");
    }

    @Test
    void silenceIsBrokenByAHeartbeatEveryFifteenSeconds() throws Exception {
        moments.add(() -> {});
        for (int second = 0; second < 45; second++) {
            moments.add(() -> nanos += Duration.ofSeconds(1).toNanos());
        }

        run(0, sent::append);

        assertThat(sent.toString().split(": heartbeat\n\n", -1)).hasSize(1 + 3);
    }

    @Test
    void aClientThatIsGoneIsToldNothingMore() throws Exception {
        happens(RunEvent.Type.QUEUED);
        moments.add(() -> {});
        moments.add(() -> {
            happens(RunEvent.Type.PREPARING);
            isGone = true;
        });

        run(0, sent::append);

        assertThat(sent.toString()).contains("id: 1").doesNotContain("id: 2");
    }

    @Test
    void aClientThatTakesNothingEndsTheStream() {
        happens(RunEvent.Type.QUEUED);
        moments.add(() -> {});

        assertThatThrownBy(() ->
                        run(
                                0,
                                _ -> {
                                    throw new IOException("broken pipe");
                                }))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aRunThatIsDeletedMeanwhileEndsTheStream() throws Exception {
        happens(RunEvent.Type.QUEUED);
        moments.add(() -> {});
        var deleted =
                new EventStream.Source() {
                    @Override
                    public Optional<RunPulse> next() throws InterruptedException {
                        return source.next();
                    }

                    @Override
                    public List<RunEvent> after(int number, int limit) {
                        return List.of();
                    }
                };

        new EventStream(
                        deleted,
                        new EventStream.Client(sent::append, () -> false),
                        JSON,
                        () -> nanos)
                .run(0);

        assertThat(sent.toString()).doesNotContain("id: ");
    }
}
