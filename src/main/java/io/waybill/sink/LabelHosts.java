package io.waybill.sink;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The hosts from which labels may be fetched, by carrier: setting {@code waybill.carrier.<carrier>.label-hosts}, exact names
 * with commas between. A carrier without any has downloads switched off, which is the default.
 */
public final class LabelHosts {

    private static final String PREFIX = "waybill.carrier.";
    private static final String SUFFIX = ".label-hosts";

    private final Map<String, Set<String>> byCarrier;

    private LabelHosts(Map<String, Set<String>> byCarrier) {
        this.byCarrier = byCarrier;
    }

    /**
     * Reads the lists.
     *
     * @param settings of all carriers, without {@code waybill.carrier.}
     * @throws IllegalArgumentException if an entry is no host name
     */
    public static LabelHosts of(Map<String, String> settings) {
        Map<String, Set<String>> byCarrier = new TreeMap<>();
        settings.forEach((name, value) -> {
            if (name.endsWith(SUFFIX)) {
                byCarrier.put(name.substring(0, name.length() - SUFFIX.length()), hosts(PREFIX + name, value));
            }
        });
        return new LabelHosts(byCarrier);
    }

    /**
     * Lets the address of a label pass, without asking anyone.
     *
     * @throws LabelRefused if it is not of the form that is fetched, or its host is not on the carrier's list
     */
    LabelUrl admit(String carrier, String address) {
        LabelUrl url = LabelUrl.parse(address);
        if (!byCarrier.getOrDefault(carrier, Set.of()).contains(url.host())) {
            throw new LabelRefused(
                    "label: host '" + url.host() + "' is not listed in setting '" + PREFIX + carrier + SUFFIX + "'");
        }
        return url;
    }

    private static Set<String> hosts(String setting, String value) {
        List<String> names = Arrays.stream(value.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
        names.stream().filter(name -> !LabelUrl.isHostName(name)).findFirst().ifPresent(name -> {
            throw new IllegalArgumentException("setting '" + setting
                    + "': expected host names in lower case such as labels.example.com, was '" + name + "'");
        });
        return names.stream().collect(Collectors.toUnmodifiableSet());
    }
}
