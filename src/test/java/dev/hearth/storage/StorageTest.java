package dev.hearth.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.Client;
import dev.hearth.HearthTest;
import dev.hearth.Service;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** The storage through the whole service. */
@HearthTest
class StorageTest {

    @Autowired Client client;
    @Autowired BlobOwners owners;

    @Test
    void theStorageTellsWhoseTheBytesAre() {
        new Service(client).uploadSample("iris");

        var storage = client.get("/v1/storage").json();

        assertThat(storage.get("kind").stringValue()).isEqualTo("folder");
        assertThat(storage.get("used_bytes").longValue()).isPositive();
        assertThat(storage.get("limit_bytes").isNull()).isTrue();
        assertThat(storage.get("cache").isNull()).isTrue();
        assertThat(storage.get("owners"))
                .anySatisfy(owner -> {
                    assertThat(owner.get("kind").stringValue()).isEqualTo("dataset");
                    assertThat(owner.get("count").longValue()).isPositive();
                    assertThat(owner.get("bytes").longValue()).isPositive();
                });
    }

    @Test
    void oneProcessAtATimeTakesTheTurnToSweep() {
        var due = Instant.now().plusSeconds(60);
        owners.claimSweep(due);

        assertThat(owners.claimSweep(Instant.now().minusSeconds(60))).isFalse();
        assertThat(owners.claimSweep(due)).isTrue();
    }
}
