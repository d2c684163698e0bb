package io.waybill.cli;

import io.waybill.engine.Engine;
import io.waybill.settings.Settings;

/** What a person at the terminal is told after the start. */
final class Welcome {

    private Welcome() {}

    /** Where the console is; its password only if this start made it. */
    static void console(Settings settings, Engine engine) {
        if (engine.managementPort() != 0) {
            String host = RunningEngine.inUrl(settings.get("waybill.management.host"));
            String scheme = settings.get("waybill.management.key-store").isEmpty() ? "http" : "https";
            System.out.println(
                    "waybill: console " + scheme + "://" + host + ":" + engine.managementPort() + "/hawtio/");
            if (!password(settings, engine)) {
                System.out.println("waybill: users are in " + settings.get("waybill.management.users"));
            }
        }
        System.out.flush();
    }

    /** The password that this start made, which nobody is told again; false if there is none. */
    static boolean password(Settings settings, Engine engine) {
        engine.password()
                .ifPresent(password -> System.out.println("waybill: user admin, password " + password
                        + " (said once; its hash is in " + settings.get("waybill.management.users") + ")"));
        return engine.password().isPresent();
    }
}
