package io.waybill.management;

import io.vertx.core.net.KeyStoreOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Collections;
import java.util.Enumeration;

/** The key of the management port, in a key store (PKCS12 or JKS); store and key have one password. */
public final class Tls {

    private final Path keyStore;
    private final String password;
    private final String alias;
    private final Certificate certificate;

    private Tls(Path keyStore, String password, String alias, Certificate certificate) {
        this.keyStore = keyStore;
        this.password = password;
        this.alias = alias;
        this.certificate = certificate;
    }

    /** Opens the key store and its key, so that what is wrong is said at once. */
    public static Tls open(Path keyStore, String password) {
        try (InputStream in = Files.newInputStream(keyStore)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(in, password.toCharArray());
            String alias = alias(store);
            if (alias == null || store.getKey(alias, password.toCharArray()) == null) {
                throw new GeneralSecurityException("it holds no private key");
            }
            return new Tls(keyStore, password, alias, store.getCertificate(alias));
        } catch (IOException | GeneralSecurityException wrong) {
            throw new IllegalStateException(
                    "open the key store '%s' of waybill.management.key-store: %s".formatted(keyStore, wrong), wrong);
        }
    }

    /** What the port shows; the command line trusts exactly this one. */
    public Certificate certificate() {
        return certificate;
    }

    KeyStoreOptions options() {
        return new KeyStoreOptions()
                .setType(KeyStore.getDefaultType())
                .setPath(keyStore.toString())
                .setPassword(password)
                .setAlias(alias);
    }

    private static String alias(KeyStore store) throws GeneralSecurityException {
        Enumeration<String> aliases = store.aliases();
        for (String alias : Collections.list(aliases)) {
            if (store.isKeyEntry(alias)) {
                return alias;
            }
        }
        return null;
    }
}
