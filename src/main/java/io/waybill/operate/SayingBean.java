package io.waybill.operate;

import io.waybill.ledger.LedgerUnavailable;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.Arrays;
import javax.management.AttributeNotFoundException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanException;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.NotCompliantMBeanException;
import javax.management.ReflectionException;
import javax.management.StandardMBean;

/**
 * An MBean whose interface says in {@link Says} what each part of it does, so that a console shows sentences and names. While the
 * database is away it says what a person does then.
 */
final class SayingBean extends StandardMBean {

    private <T> SayingBean(T bean, Class<T> face) throws NotCompliantMBeanException {
        super(bean, face);
    }

    static <T> SayingBean of(T bean, Class<T> face) {
        try {
            return new SayingBean(bean, face);
        } catch (NotCompliantMBeanException e) {
            throw new IllegalStateException("'" + face.getName() + "' is no MBean: " + e.getMessage(), e);
        }
    }

    @Override
    public Object invoke(String operation, Object[] arguments, String[] signature)
            throws MBeanException, ReflectionException {
        try {
            return super.invoke(operation, arguments, signature);
        } catch (LedgerUnavailable away) {
            throw new IllegalStateException(away.forPeople());
        }
    }

    @Override
    public Object getAttribute(String name) throws AttributeNotFoundException, MBeanException, ReflectionException {
        try {
            return super.getAttribute(name);
        } catch (LedgerUnavailable away) {
            throw new IllegalStateException(away.forPeople());
        }
    }

    @Override
    protected String getDescription(MBeanInfo info) {
        return said(getMBeanInterface(), info.getDescription());
    }

    @Override
    protected String getDescription(MBeanAttributeInfo info) {
        return Arrays.stream(getMBeanInterface().getMethods())
                .filter(method -> method.getName().equals("get" + info.getName()))
                .findFirst()
                .map(method -> said(method, info.getDescription()))
                .orElse(info.getDescription());
    }

    @Override
    protected String getDescription(MBeanOperationInfo info) {
        return said(method(info), info.getDescription());
    }

    @Override
    protected String getDescription(MBeanOperationInfo info, MBeanParameterInfo parameter, int sequence) {
        return said(method(info).getParameters()[sequence], parameter.getDescription());
    }

    @Override
    protected String getParameterName(MBeanOperationInfo info, MBeanParameterInfo parameter, int sequence) {
        return method(info).getParameters()[sequence].getName();
    }

    @Override
    protected int getImpact(MBeanOperationInfo info) {
        boolean takesReason = Arrays.stream(method(info).getParameters())
                .anyMatch(parameter -> parameter.getName().equals("reason"));
        return takesReason ? MBeanOperationInfo.ACTION : MBeanOperationInfo.INFO;
    }

    private Method method(MBeanOperationInfo info) {
        String[] types = Arrays.stream(info.getSignature())
                .map(MBeanParameterInfo::getType)
                .toArray(String[]::new);
        return Arrays.stream(getMBeanInterface().getMethods())
                .filter(method -> method.getName().equals(info.getName())
                        && Arrays.equals(
                                Arrays.stream(method.getParameterTypes())
                                        .map(Class::getName)
                                        .toArray(String[]::new),
                                types))
                .findFirst()
                .orElseThrow();
    }

    private static String said(AnnotatedElement element, String otherwise) {
        Says says = element.getAnnotation(Says.class);
        return says == null ? otherwise : says.value();
    }
}
