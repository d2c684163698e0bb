package io.waybill.crash;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.matcher.ElementMatchers;

/** Writes the jar of the agent: the classes of all kill points, each calling {@link KillSwitch} at the point. */
final class KillJar {

    private KillJar() {}

    /** Stands for the name of the kill point in the advice below. */
    @Retention(RetentionPolicy.RUNTIME)
    private @interface Name {}

    /** Woven into the way in. */
    private static final class In {

        @Advice.OnMethodEnter
        static void reached(@Name String point, @Advice.AllArguments(includeSelf = true) Object[] about) {
            KillSwitch.hit(point, about);
        }
    }

    /** Woven into the way out, unless that is an exception. */
    private static final class Out {

        @Advice.OnMethodExit
        static void reached(@Name String point, @Advice.AllArguments(includeSelf = true) Object[] about) {
            KillSwitch.hit(point, about);
        }
    }

    static void write(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", KillAgent.class.getName());
        Map<String, byte[]> woven = woven();
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            for (Class<?> own : List.of(KillAgent.class, KillSwitch.class)) {
                for (Class<?> part : own.getNestMembers()) {
                    put(out, part.getName().replace('.', '/') + ".class", bytes(part));
                }
            }
            put(out, KillAgent.INDEX, String.join("\n", woven.keySet()).getBytes(StandardCharsets.UTF_8));
            for (Map.Entry<String, byte[]> each : woven.entrySet()) {
                put(out, KillAgent.entry(each.getKey()), each.getValue());
            }
        }
    }

    private static Map<String, byte[]> woven() {
        Map<String, byte[]> woven = new LinkedHashMap<>();
        for (String type : points().map(KillPoint::type).distinct().toList()) {
            DynamicType.Builder<?> builder = new ByteBuddy().redefine(named(type));
            for (KillPoint point :
                    points().filter(each -> each.type().equals(type)).toList()) {
                builder = builder.visit(Advice.withCustomMapping()
                        .bind(Name.class, point.name())
                        .to(point.when() == KillPoint.When.IN ? In.class : Out.class)
                        .on(ElementMatchers.named(point.method())));
            }
            woven.put(type.replace('.', '/'), builder.make().getBytes());
        }
        return woven;
    }

    private static Class<?> named(String type) {
        try {
            return Class.forName(type, false, KillJar.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Stream<KillPoint> points() {
        return Stream.of(KillPoint.values()).filter(KillPoint::isWoven);
    }

    private static byte[] bytes(Class<?> type) throws IOException {
        try (InputStream in = type.getResourceAsStream("/" + type.getName().replace('.', '/') + ".class")) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            in.transferTo(bytes);
            return bytes.toByteArray();
        }
    }

    private static void put(JarOutputStream out, String name, byte[] content) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(content);
        out.closeEntry();
    }
}
