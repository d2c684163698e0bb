package io.waybill.operate;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** An MBean under its name, until it is closed. */
record Registered(ObjectName name) implements AutoCloseable {

    /** Registers a bean; one that an earlier engine of this process left behind gives way. */
    static Registered as(String name, Object bean) {
        try {
            Registered registered = new Registered(new ObjectName(name));
            registered.close();
            server().registerMBean(bean, registered.name());
            return registered;
        } catch (JMException e) {
            throw new IllegalStateException("register '" + name + "': " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            if (server().isRegistered(name)) {
                server().unregisterMBean(name);
            }
        } catch (JMException e) {
            throw new IllegalStateException("unregister '" + name + "': " + e.getMessage(), e);
        }
    }

    private static MBeanServer server() {
        return ManagementFactory.getPlatformMBeanServer();
    }
}
