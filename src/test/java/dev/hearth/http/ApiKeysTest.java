package dev.hearth.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ApiKeysTest {

    private static final String KEY = "0123456789abcdef";
    private static final String OTHER_KEY = "fedcba9876543210";

    @Test
    void aKeyBelongsToTheOwnerWhoseNameStandsBeforeIt() {
        var keys = keys("ann:" + KEY, OTHER_KEY);

        assertThat(keys.ownerOf(KEY)).contains(new Owner("ann"));
        assertThat(keys.ownerOf(OTHER_KEY)).contains(Owner.DEFAULT);
    }

    @Test
    void anOwnerMayHaveSeveralKeys() {
        var keys = keys("ann:" + KEY, "ann:" + OTHER_KEY);

        assertThat(keys.ownerOf(KEY)).isEqualTo(keys.ownerOf(OTHER_KEY));
    }

    @Test
    void theNameIsNoPartOfTheKey() {
        var keys = keys("ann:" + KEY);

        assertThat(keys.ownerOf("ann:" + KEY)).isEmpty();
        assertThat(keys.ownerOf("ann")).isEmpty();
        assertThat(keys.ownerOf("")).isEmpty();
    }

    @Test
    void whatIsNoNameBeforeAColonBelongsToTheKey() {
        var key = "A key: with colon";

        assertThat(keys(key).ownerOf(key)).contains(Owner.DEFAULT);
    }

    @Test
    void aShortKeyIsRefusedAlsoBehindALongName() {
        assertThatThrownBy(() -> ApiKey.of("a-name-of-some-length:short"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 16 characters");
    }

    private static ApiKeys keys(String... texts) {
        return new ApiKeys(List.of(texts).stream().map(ApiKey::of).toList());
    }
}
