package io.waybill.management;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.modelmbean.InvalidTargetObjectTypeException;
import javax.management.modelmbean.ModelMBean;
import javax.management.modelmbean.ModelMBeanInfo;
import org.apache.camel.CamelContext;
import org.apache.camel.api.management.ManagedInstance;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.api.management.NotificationSenderAware;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListener;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.support.management.DefaultManagementMBeanAssembler;
import org.apache.camel.support.management.MixinRequiredModelMBean;
import org.apache.camel.support.management.NotificationSenderAdapter;

/**
 * Describes each class of Camel's MBeans once. There is an MBean for each step of each route, and Camel would describe every
 * one of them anew, which is a third of the work of a start.
 */
final class Descriptions extends DefaultManagementMBeanAssembler {

    private final Map<Class<?>, ModelMBeanInfo> known = new ConcurrentHashMap<>();

    Descriptions(CamelContext context) {
        super(context);
    }

    /** Puts it in the place of Camel's own. */
    static MainListener listener() {
        return new MainListenerSupport() {
            @Override
            public void beforeInitialize(BaseMainSupport main) {
                CamelContext context = main.getCamelContext();
                context.getCamelContextExtension().setManagementMBeanAssembler(new Descriptions(context));
            }
        };
    }

    @Override
    public ModelMBean assemble(MBeanServer server, Object managed, ObjectName name) throws JMException {
        if (bringsItsOwn(managed)) {
            return super.assemble(server, managed, name);
        }
        ModelMBeanInfo description = known.get(managed.getClass());
        if (description != null) {
            return described(description, managed);
        }
        ModelMBean bean = super.assemble(server, managed, name);
        if (bean != null) {
            known.put(managed.getClass(), (ModelMBeanInfo) bean.getMBeanInfo());
        }
        return bean;
    }

    /** What a step or an endpoint stands for may have operations of its own, which the class of its MBean does not tell. */
    private static boolean bringsItsOwn(Object managed) {
        return managed instanceof ManagedInstance each
                && each.getInstance() != null
                && each.getInstance().getClass().isAnnotationPresent(ManagedResource.class);
    }

    /** As Camel does it with a description that it has just made. */
    private ModelMBean described(ModelMBeanInfo description, Object managed) throws JMException {
        boolean mask = Boolean.TRUE.equals(
                camelContext.getManagementStrategy().getManagementAgent().getMask());
        MixinRequiredModelMBean bean = new MixinRequiredModelMBean(description, mask, null, null);
        try {
            bean.setManagedResource(managed, "ObjectReference");
        } catch (InvalidTargetObjectTypeException e) {
            throw new JMException(e.getMessage());
        }
        if (managed instanceof NotificationSenderAware aware) {
            aware.setNotificationSender(new NotificationSenderAdapter(bean));
        }
        return bean;
    }
}
