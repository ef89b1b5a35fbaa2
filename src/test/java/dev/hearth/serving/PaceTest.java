package dev.hearth.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {

    private final Pace pace = new Pace();

    @Test
    void beforeAnythingIsAnsweredTheShortestPauseIsTold() {
        assertThat(pace.untilAnswered(1_000, 0)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void thePauseIsWhatTheRequestsThatWaitTakeAtTheRecentPace() {
        long now = answeringHundredASecond(60);

        assertThat(pace.untilAnswered(1_000, now)).isBetween(seconds(9), seconds(11));
        assertThat(pace.untilAnswered(10, now)).isEqualTo(seconds(1));
    }

    @Test
    void noPauseIsLongerThanHalfAMinute() {
        long now = answeringHundredASecond(60);

        assertThat(pace.untilAnswered(1_000_000, now)).isEqualTo(seconds(30));
        assertThat(pace.untilAnswered(10, now + TimeUnit.HOURS.toNanos(1))).isEqualTo(seconds(30));
    }

    private long answeringHundredASecond(int seconds) {
        long now = 0;
        for (int i = 0; i < seconds * 100; i++) {
            now += TimeUnit.MILLISECONDS.toNanos(10);
            pace.answered(1, now);
        }
        return now;
    }

    private static Duration seconds(int count) {
        return Duration.ofSeconds(count);
    }
}
