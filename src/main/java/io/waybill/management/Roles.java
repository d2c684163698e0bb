package io.waybill.management;

import io.waybill.access.Login;
import io.waybill.access.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.jolokia.server.core.restrictor.RestrictorFactory;
import org.jolokia.server.core.service.api.Restrictor;
import org.jolokia.server.core.util.HttpMethod;
import org.jolokia.server.core.util.RequestType;

/**
 * What Jolokia does for whom: {@code jolokia-access.xml} is the most that anybody may do; of its operations, a viewer may
 * call those of {@code jolokia-access-viewer.xml}. Without a login nothing is allowed.
 */
final class Roles implements Restrictor {

    private final Restrictor all = policy("jolokia-access.xml");
    private final Restrictor viewer = policy("jolokia-access-viewer.xml");

    // without its file Jolokia would open every MBean and only warn
    private static Restrictor policy(String file) {
        try {
            Restrictor policy = RestrictorFactory.lookupPolicyRestrictor("classpath:/" + file);
            if (policy == null) {
                throw new IllegalStateException("open the console: '%s' is not on the class path".formatted(file));
            }
            return policy;
        } catch (IOException unreadable) {
            throw new UncheckedIOException("open the console: '%s' cannot be read".formatted(file), unreadable);
        }
    }

    /** Whether an operation that may be called is more than looking. */
    boolean changes(String name, String operation) {
        try {
            return !viewer.isOperationAllowed(new ObjectName(name), operation);
        } catch (MalformedObjectNameException unknown) {
            return false;
        }
    }

    private static boolean is(Role role) {
        return Login.current().filter(login -> login.role() == role).isPresent();
    }

    private static boolean loggedIn() {
        return Login.current().isPresent();
    }

    @Override
    public boolean isHttpMethodAllowed(HttpMethod method) {
        return loggedIn() && all.isHttpMethodAllowed(method);
    }

    @Override
    public boolean isTypeAllowed(RequestType type) {
        return loggedIn() && all.isTypeAllowed(type);
    }

    @Override
    public boolean isAttributeReadAllowed(ObjectName name, String attribute) {
        return loggedIn() && all.isAttributeReadAllowed(name, attribute);
    }

    @Override
    public boolean isAttributeWriteAllowed(ObjectName name, String attribute) {
        return is(Role.OPERATOR) && all.isAttributeWriteAllowed(name, attribute);
    }

    @Override
    public boolean isOperationAllowed(ObjectName name, String operation) {
        boolean mayCall = is(Role.OPERATOR) || is(Role.VIEWER) && viewer.isOperationAllowed(name, operation);
        return mayCall && all.isOperationAllowed(name, operation);
    }

    @Override
    public boolean isRemoteAccessAllowed(String... hosts) {
        return all.isRemoteAccessAllowed(hosts);
    }

    @Override
    public boolean isOriginAllowed(String origin, boolean strictly) {
        return all.isOriginAllowed(origin, strictly);
    }

    @Override
    public boolean isObjectNameHidden(ObjectName name) {
        return all.isObjectNameHidden(name);
    }
}
