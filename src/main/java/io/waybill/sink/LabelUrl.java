package io.waybill.sink;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The address of a label, of the one form that is ever fetched: {@code https}, a host name and no IP address, port 443, no
 * user name or password.
 *
 * <p>Messages name the host at most, since paths and queries of such addresses often are the key to the label.
 */
record LabelUrl(URI uri) {

    private static final Pattern HOST_NAME =
            Pattern.compile("([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]([a-z0-9-]*[a-z0-9])?");
    private static final int PORT = 443;

    /**
     * Checks the form.
     *
     * @throws LabelRefused if it is another
     */
    LabelUrl {
        demand("https".equalsIgnoreCase(uri.getScheme()), "is not https");
        demand(uri.getRawUserInfo() == null, "carries a user name");
        demand(uri.getHost() != null && isHostName(lower(uri)), "names no host, such as labels.example.com");
        demand(uri.getPort() == -1 || uri.getPort() == PORT, "names a port, expected 443 or none");
    }

    /**
     * Reads an address.
     *
     * @throws LabelRefused if it is none, or of another form
     */
    static LabelUrl parse(String text) {
        try {
            return new LabelUrl(new URI(text));
        } catch (URISyntaxException e) {
            throw new LabelRefused("label: its address cannot be read");
        }
    }

    /** Whether this is a full host name in lower case; numbers in their many spellings are none. */
    static boolean isHostName(String text) {
        return text.length() <= 253 && HOST_NAME.matcher(text).matches();
    }

    /** The host, in lower case. */
    String host() {
        return lower(uri);
    }

    /** Names the host only. */
    @Override
    public String toString() {
        return "label at " + host();
    }

    private static String lower(URI uri) {
        return uri.getHost().toLowerCase(Locale.ROOT);
    }

    private static void demand(boolean held, String otherwise) {
        if (!held) {
            throw new LabelRefused("label: its address " + otherwise);
        }
    }
}
