package io.waybill.cli;

import io.waybill.sandbox.Sandbox;
import java.util.Map;

/** Opens to the tests of other packages what the commands know of a sandbox. */
public final class SandboxSettings {

    private SandboxSettings() {}

    /** The settings with which Waybill reaches these simulated carriers. */
    public static Map<String, String> of(Sandbox sandbox) {
        return SandboxCommand.settings(sandbox.uri().toString());
    }
}
