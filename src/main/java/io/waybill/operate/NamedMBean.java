package io.waybill.operate;

import java.lang.reflect.Method;
import java.util.Arrays;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.NotCompliantMBeanException;
import javax.management.StandardMBean;

/** An MBean whose parameters have the names of the source, so that a form of the console asks for a reason and not for p4. */
final class NamedMBean extends StandardMBean {

    private <T> NamedMBean(T bean, Class<T> face) throws NotCompliantMBeanException {
        super(bean, face);
    }

    static <T> NamedMBean of(T bean, Class<T> face) {
        try {
            return new NamedMBean(bean, face);
        } catch (NotCompliantMBeanException notOurs) {
            throw new IllegalStateException("register '%s': %s".formatted(face, notOurs.getMessage()), notOurs);
        }
    }

    @Override
    protected String getParameterName(MBeanOperationInfo operation, MBeanParameterInfo parameter, int number) {
        return Arrays.stream(getMBeanInterface().getMethods())
                .filter(method -> isOf(operation, method))
                .findFirst()
                .map(method -> method.getParameters()[number].getName())
                .orElse(parameter.getName());
    }

    private static boolean isOf(MBeanOperationInfo operation, Method method) {
        return method.getName().equals(operation.getName())
                && method.getParameterCount() == operation.getSignature().length;
    }
}
