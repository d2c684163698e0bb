package io.waybill.engine;

import io.waybill.settings.Settings;
import org.apache.camel.component.mail.MailComponent;
import org.apache.camel.component.mail.MailConfiguration;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;

/** The components {@code smtp:} and {@code smtps:} with the user of the settings, so that no password stands in an address. */
final class Mails {

    private Mails() {}

    static void configure(Main main, Settings settings) {
        String user = settings.get("waybill.alerts.mail.user");
        if (user.isEmpty()) {
            return;
        }
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void afterConfigure(BaseMainSupport configured) {
                for (String name : new String[] {"smtp", "smtps"}) {
                    MailConfiguration mail = configured
                            .getCamelContext()
                            .getComponent(name, MailComponent.class)
                            .getConfiguration();
                    mail.setUsername(user);
                    mail.setPassword(settings.get("waybill.alerts.mail.password"));
                }
            }
        });
    }
}
