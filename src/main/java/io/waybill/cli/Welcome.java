package io.waybill.cli;

import io.waybill.settings.Settings;

/** What a person at the terminal is told after the start. */
final class Welcome {

    private Welcome() {}

    /** Where the console is; its password only if this start made it. */
    static void console(Settings settings, Engine engine) {
        if (engine.managementPort() != 0) {
            String host = settings.get("waybill.management.host");
            System.out.println("waybill: console http://" + host + ":" + engine.managementPort() + "/hawtio/");
            engine.password()
                    .ifPresentOrElse(
                            password -> System.out.println("waybill: user admin, password " + password
                                    + " (said once; kept in " + settings.get("waybill.management.users") + ")"),
                            () -> System.out.println(
                                    "waybill: users are in " + settings.get("waybill.management.users")));
        }
        System.out.flush();
    }
}
