package io.waybill.sink;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Predicate;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves a host once for each connection and hands out what it checked, so that a name which means something else a moment
 * later changes nothing: the connection goes to a checked address.
 *
 * <p>One address that is not allowed refuses the host, whatever the others are.
 */
record CheckedResolver(DnsResolver lookup, Predicate<InetAddress> allowed) implements DnsResolver {

    @Override
    public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
        List<InetSocketAddress> found = List.copyOf(lookup.resolve(host, port));
        if (found.isEmpty()) {
            throw new UnknownHostException(host);
        }
        for (InetSocketAddress address : found) {
            check(host, address.getAddress());
        }
        return found;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        return resolve(host, 0).stream().map(InetSocketAddress::getAddress).toArray(InetAddress[]::new);
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }

    private void check(String host, InetAddress address) throws UnknownHostException {
        if (address == null) {
            throw new UnknownHostException(host);
        }
        if (!allowed.test(address)) {
            throw new LabelRefused("label: host '" + host + "' has the address " + address.getHostAddress()
                    + ", which is not public; nothing was fetched from it");
        }
    }
}
