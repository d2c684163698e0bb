package io.waybill.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelHostsTest {

    private final LabelHosts hosts = LabelHosts.of(Map.of(
            "kdniao.label-hosts", "labels.example.com, cdn.example.com",
            "kdniao.url", "https://kdniao.example.com",
            "mabang.label-hosts", ""));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://labels.example.com/1.pdf",
                "https://cdn.example.com:443/1.pdf?key=a%20b#page",
                "HTTPS://LABELS.example.COM/"
            })
    void anAddressOnAListedHostIsAdmitted(String address) {
        assertThat(hosts.admit("kdniao", address).uri()).hasToString(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example.com",
                "labels.example.com.evil.com",
                "example.com",
                "xlabels.example.com",
                "a.labels.example.com"
            })
    void anotherHostIsRefused(String host) {
        assertThatThrownBy(() -> hosts.admit("kdniao", "https://" + host + "/secret?key=1"))
                .isInstanceOf(LabelRefused.class)
                .hasMessage("label: host '" + host + "' is not listed in setting 'waybill.carrier.kdniao.label-hosts'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mabang", "birdsystem"})
    void aCarrierWithoutAListHasDownloadsSwitchedOff(String carrier) {
        assertThatThrownBy(() -> hosts.admit(carrier, "https://labels.example.com/1.pdf"))
                .isInstanceOf(LabelRefused.class)
                .hasMessage("label: host 'labels.example.com' is not listed in setting 'waybill.carrier." + carrier
                        + ".label-hosts'");
    }

    @ParameterizedTest
    @CsvSource({
        "http://labels.example.com/1.pdf, is not https",
        "file:///etc/passwd, is not https",
        "ftp://labels.example.com/1.pdf, is not https",
        "jar:https://labels.example.com/1.jar!/x, is not https",
        "labels.example.com/1.pdf, is not https",
        "//labels.example.com/1.pdf, is not https",
        "'', is not https",
        "https://user@labels.example.com/1.pdf, carries a user name",
        "https://user:word@labels.example.com/1.pdf, carries a user name",
        "https://labels.example.com@169.254.169.254/, carries a user name",
        "https://@labels.example.com/, carries a user name",
        "https:labels.example.com, 'names no host, such as labels.example.com'",
        "https:///1.pdf, 'names no host, such as labels.example.com'",
        "https://localhost/1.pdf, 'names no host, such as labels.example.com'",
        "https://labels.example.com./1.pdf, 'names no host, such as labels.example.com'",
        "https://127.0.0.1/1.pdf, 'names no host, such as labels.example.com'",
        "https://127.1/1.pdf, 'names no host, such as labels.example.com'",
        "https://2130706433/1.pdf, 'names no host, such as labels.example.com'",
        "https://0x7f.0.0.1/1.pdf, 'names no host, such as labels.example.com'",
        "https://0x7f000001/1.pdf, 'names no host, such as labels.example.com'",
        "https://[::1]/1.pdf, 'names no host, such as labels.example.com'",
        "https://[::ffff:127.0.0.1]/1.pdf, 'names no host, such as labels.example.com'",
        "https://8.8.8.8/1.pdf, 'names no host, such as labels.example.com'",
        "https://labels_example.com/1.pdf, 'names no host, such as labels.example.com'",
        "https://labels.example.com:80/1.pdf, 'names a port, expected 443 or none'",
        "https://labels.example.com:8443/1.pdf, 'names a port, expected 443 or none'",
        "https://labels.example.com:0/1.pdf, 'names a port, expected 443 or none'",
        "https://labels.example.com:65979/1.pdf, 'names a port, expected 443 or none'",
        "https://labels.example.com\\@evil.com/1.pdf, cannot be read",
        "https://labels.example.com/a b, cannot be read",
        "https://[fe80::1%25eth0/1.pdf, cannot be read"
    })
    void anAddressOfAnotherFormIsRefused(String address, String why) {
        assertThatThrownBy(() -> hosts.admit("kdniao", address))
                .isInstanceOf(LabelRefused.class)
                .hasMessage("label: its address " + why);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*.example.com",
                "https://labels.example.com",
                "labels.example.com:443",
                "localhost",
                "10.0.0.1",
                "A.de"
            })
    void anEntryThatIsNoHostNameIsRefusedAtTheStart(String entry) {
        Map<String, String> settings = Map.of("kdniao.label-hosts", "labels.example.com," + entry);

        assertThatThrownBy(() -> LabelHosts.of(settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("setting 'waybill.carrier.kdniao.label-hosts': expected host names in lower case such as"
                        + " labels.example.com, was '" + entry + "'");
    }

    @Test
    void anAddressIsPrintedWithoutItsKey() {
        assertThat(hosts.admit("kdniao", "https://labels.example.com/1.pdf?key=secret"))
                .hasToString("label at labels.example.com");
    }
}
