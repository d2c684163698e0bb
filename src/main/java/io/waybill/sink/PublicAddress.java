package io.waybill.sink;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Says of an address whether it is out in the internet, so that nobody can have this node ask its own network.
 *
 * <ol>
 *   <li>IPv4: what IANA's special-purpose registry calls not globally reachable, multicast and class E are not public, nor is
 *       the address at which Azure serves its machines from within.
 *   <li>IPv6: only global unicast is public, without what IANA keeps for protocols (Teredo, ORCHID), 6to4 and documentation.
 *   <li>NAT64 ({@code 64:ff9b::/96}) is as public as the IPv4 address in it. An IPv4-mapped address never is, except that
 *       Java mostly has made an IPv4 one of it before, which is judged as such.
 * </ol>
 */
final class PublicAddress {

    private static final List<Block> NOT_PUBLIC = Stream.of(
                    "0.0.0.0/8",
                    "10.0.0.0/8",
                    "100.64.0.0/10",
                    "127.0.0.0/8",
                    "168.63.129.16/32",
                    "169.254.0.0/16",
                    "172.16.0.0/12",
                    "192.0.0.0/24",
                    "192.0.2.0/24",
                    "192.88.99.0/24",
                    "192.168.0.0/16",
                    "198.18.0.0/15",
                    "198.51.100.0/24",
                    "203.0.113.0/24",
                    "224.0.0.0/3",
                    "2001::/23",
                    "2001:db8::/32",
                    "2002::/16",
                    "3fff::/20")
            .map(Block::parse)
            .toList();

    private static final Block GLOBAL_UNICAST = Block.parse("2000::/3");
    private static final Block NAT64 = Block.parse("64:ff9b::/96");

    private PublicAddress() {}

    /** Whether it is public. */
    static boolean test(InetAddress address) {
        return isPublic(address.getAddress());
    }

    private static boolean isPublic(byte[] address) {
        if (NAT64.contains(address)) {
            return isPublic(Arrays.copyOfRange(address, 12, 16));
        }
        boolean global = address.length == 4 || GLOBAL_UNICAST.contains(address);
        return global && NOT_PUBLIC.stream().noneMatch(block -> block.contains(address));
    }

    /** All addresses that begin with the same bits. */
    private record Block(byte[] start, int bits) {

        static Block parse(String text) {
            int slash = text.indexOf('/');
            try {
                // a literal, so nobody is asked
                byte[] start = InetAddress.getByName(text.substring(0, slash)).getAddress();
                return new Block(start, Integer.parseInt(text.substring(slash + 1)));
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException("block '" + text + "' is no address", e);
            }
        }

        boolean contains(byte[] address) {
            if (address.length != start.length) {
                return false;
            }
            int whole = bits / 8;
            int mask = 0xff00 >> bits % 8 & 0xff;
            return Arrays.equals(start, 0, whole, address, 0, whole)
                    && (mask == 0 || (start[whole] & mask) == (address[whole] & mask));
        }
    }
}
