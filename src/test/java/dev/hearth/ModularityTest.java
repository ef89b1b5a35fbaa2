package dev.hearth;

import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

/** The arrows between packages are those that each package's {@code package-info} allows. */
class ModularityTest {

    @Test
    void packagesUseOnlyWhatTheyMayUse() {
        ApplicationModules.of(HearthApplication.class).verify();
    }
}
