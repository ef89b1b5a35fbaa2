package dev.hearth.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The service sends nothing to where only it can go. */
class DestinationsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.1.2.3",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.0.1",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.8",
                "192.168.1.1",
                "198.18.0.1",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "::127.0.0.1",
                "64:ff9b::a00:1",
                "fc00::1",
                "fd12:3456::1",
                "fe80::1",
                "fec0::1",
                "ff02::1",
                "2001:0:a00:1::1",
                "2001:db8::1",
                "2002:7f00:1::1"
            })
    void theseAreNotPublic(String address) throws UnknownHostException {
        assertThat(Destinations.isPublic(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "100.63.255.255",
                "100.128.0.1",
                "172.15.0.1",
                "172.32.0.1",
                "198.17.0.1",
                "223.255.255.255",
                "2606:4700:4700::1111",
                "2a00:1450::1"
            })
    void theseArePublic(String address) throws UnknownHostException {
        assertThat(Destinations.isPublic(InetAddress.getByName(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost/",
                "http://2130706433/",
                "http://[::1]:8080/",
                "http://169.254.169.254/latest/meta-data",
                "https://no-such-host.invalid/"
            })
    void byDefaultOnlyWhatIsPublicIsAllowed(String url) {
        assertThatThrownBy(() -> new Destinations(List.of()).address(URI.create(url)))
                .isInstanceOf(RefusedDestinationException.class)
                .hasMessageContaining("no public address");
    }

    @Test
    void whatIsPublicIsConnectedToAtThePortOfItsSchemeOrItsOwn() throws Exception {
        var anywhere = new Destinations(List.of());

        assertThat(anywhere.address(URI.create("https://1.1.1.1/x")).getPort()).isEqualTo(443);
        assertThat(anywhere.address(URI.create("http://1.1.1.1/x")).getPort()).isEqualTo(80);
        assertThat(anywhere.address(URI.create("http://1.1.1.1:8080/x")).getPort()).isEqualTo(8080);
    }

    @Test
    void aListOfHostsAllowsThemWhereverTheyAreAndNoOthers() throws Exception {
        var some = new Destinations(List.of("localhost", "*.example.org"));

        assertThat(
                        some.address(URI.create("http://LOCALHOST:81/"))
                                .getAddress()
                                .isLoopbackAddress())
                .isTrue();
        assertThatThrownBy(() -> some.address(URI.create("http://1.1.1.1/")))
                .hasMessageContaining("hearth.webhooks.allowed-hosts");
        assertThatThrownBy(() -> some.address(URI.create("http://example.org/")))
                .hasMessageContaining("none of them");
        assertThatThrownBy(() -> some.address(URI.create("http://badexample.org/")))
                .hasMessageContaining("none of them");
    }
}
