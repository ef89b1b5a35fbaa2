package dev.hearth.webhook;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;

/**
 * Where messages may be sent. Users choose the address, so the service must not lend them its place
 * in the network: a host is looked up once, and the connection goes to the address that was looked
 * at.
 *
 * @param allowedHosts as the setting has them
 */
record Destinations(List<String> allowedHosts) {

    /**
     * The address to connect to.
     *
     * @throws RefusedDestinationException if nothing is sent there
     */
    InetSocketAddress address(URI url) throws RefusedDestinationException {
        String host = host(url);
        boolean isListed = allowedHosts.stream().anyMatch(allowed -> matches(allowed, host));
        if (!allowedHosts.isEmpty() && !isListed) {
            throw new RefusedDestinationException(
                    "messages are sent to the hosts of hearth.webhooks.allowed-hosts only, and '%s' is"
                                    .formatted(host)
                            + " none of them");
        }
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (isListed || isPublic(address)) {
                    return new InetSocketAddress(address, port(url));
                }
            }
        } catch (UnknownHostException e) {
            throw refused(host);
        }
        throw refused(host);
    }

    /**
     * The same whether there is no such host or it is an inner one, which is not to be found out.
     */
    private static RefusedDestinationException refused(String host) {
        return new RefusedDestinationException(
                "'%s' has no public address; private ones have to be allowed with".formatted(host)
                        + " hearth.webhooks.allowed-hosts");
    }

    private static boolean matches(String allowed, String host) {
        return allowed.startsWith("*.")
                ? host.endsWith(allowed.substring(1))
                : host.equals(allowed);
    }

    /** Without the brackets of an IPv6 address. */
    static String host(URI url) {
        String host = url.getHost().toLowerCase(Locale.ROOT);
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static int port(URI url) {
        return url.getPort() > 0 ? url.getPort() : isSecure(url) ? 443 : 80;
    }

    static boolean isSecure(URI url) {
        return "https".equalsIgnoreCase(url.getScheme());
    }

    /** Whether everybody in the world could connect to it. */
    static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        return switch (address) {
            case Inet4Address four -> isPublic(four.getAddress());
            case Inet6Address six -> isPublicSix(six.getAddress());
            default -> false;
        };
    }

    /** Beyond what {@link InetAddress} knows: RFC 6890. */
    private static boolean isPublic(byte[] four) {
        int first = four[0] & 0xff;
        int second = four[1] & 0xff;
        int third = four[2] & 0xff;
        boolean isShared = first == 100 && second >= 64 && second < 128;
        boolean isBenchmark = first == 198 && (second == 18 || second == 19);
        boolean isSpecial =
                (first == 192 && second == 0 && (third == 0 || third == 2))
                        || (first == 198 && second == 51 && third == 100)
                        || (first == 203 && second == 0 && third == 113);
        return first != 0 && first < 240 && !isShared && !isBenchmark && !isSpecial;
    }

    /**
     * Global unicast, and nothing that is a way to an IPv4 address (6to4, Teredo) or an example.
     */
    private static boolean isPublicSix(byte[] six) {
        int first = ((six[0] & 0xff) << 8) | (six[1] & 0xff);
        int second = ((six[2] & 0xff) << 8) | (six[3] & 0xff);
        boolean isTunnel = first == 0x2002 || (first == 0x2001 && second == 0);
        boolean isExample = first == 0x2001 && second == 0xdb8;
        return (first & 0xe000) == 0x2000 && !isTunnel && !isExample;
    }
}
