package dev.hearth.run;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param maxStreams to how many clients at once one process tells what happens to runs
 */
@ConfigurationProperties("hearth.events")
record EventSettings(@DefaultValue("256") int maxStreams) {

    private static final int MOST = 100_000;

    EventSettings {
        if (maxStreams < 1 || maxStreams > MOST) {
            throw new IllegalArgumentException(
                    "hearth.events.max-streams has to be from 1 to " + MOST);
        }
    }
}
