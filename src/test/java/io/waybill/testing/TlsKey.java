package io.waybill.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.ssl.SSLContextBuilder;

/** A key for 127.0.0.1 that nobody has signed but itself. */
public final class TlsKey {

    private static final String PASSWORD = "changeit";

    private final Path file;

    private TlsKey(Path file) {
        this.file = file;
    }

    /** Makes one with the JDK's own tool. */
    public static TlsKey in(Path folder) {
        Path file = folder.resolve("key.p12");
        String options = "-genkeypair -alias key -keyalg EC -groupname secp256r1 -validity 2 -dname CN=127.0.0.1"
                + " -ext san=ip:127.0.0.1 -storetype PKCS12 -storepass " + PASSWORD + " -keystore " + file;
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        List<String> command =
                Stream.concat(Stream.of(keytool), Stream.of(options.split(" "))).toList();
        try {
            int code = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException("keytool ended with " + code);
            }
            return new TlsKey(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** For a server that proves itself with it. */
    public SSLContext context() {
        char[] password = PASSWORD.toCharArray();
        try {
            return SSLContextBuilder.create()
                    .loadKeyMaterial(file, password, password)
                    .build();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** From now on this JVM believes this key and no other. */
    public void believe() {
        System.setProperty("javax.net.ssl.trustStore", file.toString());
        System.setProperty("javax.net.ssl.trustStorePassword", PASSWORD);
    }

    /** From now on this JVM believes what it always believed. */
    public static void believeNoMore() {
        System.clearProperty("javax.net.ssl.trustStore");
        System.clearProperty("javax.net.ssl.trustStorePassword");
    }
}
