package io.waybill.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import javax.management.Attribute;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.modelmbean.ModelMBean;
import org.apache.camel.CamelContext;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedInstance;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.support.management.DefaultManagementMBeanAssembler;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DescriptionsTest {

    @TempDir
    static Path folder;

    private static Running running;
    private static MBeanServer server;
    private static Descriptions ours;
    private static DefaultManagementMBeanAssembler camels;

    @BeforeAll
    static void start() throws Exception {
        running = new Running(folder).start();
        CamelContext context = running.main.getCamelContext();
        server = context.getManagementStrategy().getManagementAgent().getMBeanServer();
        ours = new Descriptions(context);
        camels = new DefaultManagementMBeanAssembler(context);
        ours.start();
        camels.start();
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    @Test
    void eachBeanIsDescribedAsCamelDoesAndIsItself() throws Exception {
        ModelMBean first = ours.assemble(server, new Scale("first"), name("first"));
        ModelMBean second = ours.assemble(server, new Scale("second"), name("second"));

        assertThat(first.getMBeanInfo())
                .isEqualTo(camels.assemble(server, new Scale("x"), name("x")).getMBeanInfo());
        assertThat(second.getMBeanInfo()).isEqualTo(first.getMBeanInfo());
        assertThat(second.getClass()).isEqualTo(first.getClass());
        second.setAttribute(new Attribute("Zero", 7));
        assertThat(first.getAttribute("Zero")).isEqualTo(0);
        assertThat(second.getAttribute("Zero")).isEqualTo(7);
        assertThat(first.invoke("weigh", new Object[0], new String[0])).isEqualTo("first weighs");
        assertThat(second.invoke("weigh", new Object[0], new String[0])).isEqualTo("second weighs");
    }

    @Test
    void whatAStepBringsOfItsOwnIsItsAlone() throws Exception {
        ModelMBean plain = ours.assemble(server, new Holder(new Object()), name("plain"));
        ModelMBean own = ours.assemble(server, new Holder(new Scale("own")), name("own"));

        assertThat(own.getMBeanInfo())
                .isEqualTo(camels.assemble(server, new Holder(new Scale("x")), name("x"))
                        .getMBeanInfo());
        assertThat(own.invoke("weigh", new Object[0], new String[0])).isEqualTo("own weighs");
        assertThat(plain.getMBeanInfo().getOperations())
                .extracting(operation -> operation.getName())
                .doesNotContain("weigh");
        assertThat(plain.getAttribute("Kind")).isEqualTo("holder");
    }

    @Test
    void aStartTakesThem() {
        assertThat(running.main.getCamelContext().getCamelContextExtension().getManagementMBeanAssembler())
                .isInstanceOf(Descriptions.class)
                .extracting("known")
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .isNotEmpty();
    }

    private static ObjectName name(String name) throws Exception {
        return new ObjectName("io.waybill.descriptions:name=" + name);
    }

    @ManagedResource(description = "A scale")
    public static final class Scale {

        private final String name;
        private int zero;

        Scale(String name) {
            this.name = name;
        }

        @ManagedAttribute(description = "What it shows when it is empty")
        public int getZero() {
            return zero;
        }

        @ManagedAttribute(description = "What it shows when it is empty")
        public void setZero(int zero) {
            this.zero = zero;
        }

        @ManagedOperation(description = "Weighs")
        public String weigh() {
            return name + " weighs";
        }
    }

    @ManagedResource(description = "A holder")
    public static final class Holder implements ManagedInstance {

        private final Object held;

        Holder(Object held) {
            this.held = held;
        }

        @Override
        public Object getInstance() {
            return held;
        }

        @ManagedAttribute(description = "Its kind")
        public String getKind() {
            return "holder";
        }
    }
}
