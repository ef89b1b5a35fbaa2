package dev.hearth.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretTest {

    /** The example of the Standard Webhooks specification's reference libraries. */
    @Test
    void aSignatureIsThatOfStandardWebhooks() {
        var secret = new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

        assertThat(
                        secret.sign(
                                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                                1614265330L,
                                "{\"test\": 2432232314}"))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void itIsNotTold() {
        var secret = Secret.random(new SecureRandom());

        assertThat(secret).hasToString("whsec_…");
        assertThat(Secret.parse(secret.text())).contains(secret);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secret",
                "whsec_",
                "whsec_dG9vIHNob3J0",
                "whsec_!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!",
                "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
            })
    void anythingElseIsNoSecret(String text) {
        assertThat(Secret.parse(text)).isEmpty();
    }
}
