package io.waybill.crash;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.HashMap;
import java.util.Map;

/** The Java agent of a process that is to die: puts the classes that {@link KillJar} has woven in the place of the real ones. */
public final class KillAgent {

    static final String INDEX = "woven/index";

    private KillAgent() {}

    /** Called by the JVM; the argument is the folder of {@link KillSwitch}. */
    public static void premain(String folder, Instrumentation instrumentation) throws IOException {
        KillSwitch.watch(Path.of(folder));
        Map<String, byte[]> woven = woven();
        instrumentation.addTransformer(new ClassFileTransformer() {
            @Override
            public byte[] transform(
                    ClassLoader loader, String name, Class<?> before, ProtectionDomain domain, byte[] bytes) {
                return woven.get(name);
            }
        });
    }

    static String entry(String internalName) {
        return "woven/" + internalName + ".bytes";
    }

    private static Map<String, byte[]> woven() throws IOException {
        Map<String, byte[]> woven = new HashMap<>();
        for (String name : new String(read(INDEX), StandardCharsets.UTF_8).split("\n")) {
            woven.put(name, read(entry(name)));
        }
        return woven;
    }

    private static byte[] read(String entry) throws IOException {
        try (InputStream bytes = KillAgent.class.getResourceAsStream("/" + entry)) {
            return bytes.readAllBytes();
        }
    }
}
