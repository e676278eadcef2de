package dev.gatehouse.acme.migration;

import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.Pem;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;

/** Writes folders as other programs write them. */
final class WrittenFolder {

    private final Path root;

    WrittenFolder(Path root) {
        this.root = root;
    }

    Path root() {
        return root;
    }

    WrittenFolder file(String path, String content) {
        try {
            Path file = root.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
            return this;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    WrittenFolder link(String path, String target) {
        try {
            Path link = root.resolve(path);
            Files.createDirectories(link.getParent());
            Files.createSymbolicLink(link, Path.of(target));
            return this;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** As CertMagic does; the issuer data is that of the JSON beside the key. */
    WrittenFolder certMagic(String issuerKey, Credential credential, String issuerData) {
        String name = firstName(credential).replace("*", "wildcard_");
        String stem = "certificates/" + issuerKey + "/" + name + "/" + name;
        return file(stem + ".crt", Pem.encode(credential.chain()))
                .file(stem + ".key", traditional(credential.privateKey()))
                .file(
                        stem + ".json",
                        "{\n\t\"sans\": [\n\t\t\"" + firstName(credential) + "\"\n\t],\n\t\"issuer_data\": "
                                + issuerData + "\n}");
    }

    WrittenFolder certMagicAccount(String issuerKey, String email, KeyPair pair, String location) {
        String user = email.substring(0, email.indexOf('@'));
        String stem = "acme/" + issuerKey + "/users/" + email + "/" + user;
        return file(stem + ".key", traditional(pair.getPrivate()))
                .file(
                        stem + ".json",
                        "{\n\t\"status\": \"valid\",\n\t\"contact\": [\n\t\t\"mailto:" + email
                                + "\"\n\t],\n\t\"termsOfServiceAgreed\": true,\n\t\"location\": \"" + location
                                + "\"\n}");
    }

    /** As certbot does after its first renewal: there are two generations, and {@code live/} links to the second. */
    WrittenFolder certbot(String lineage, Credential credential, String server, String account) {
        String archive = "archive/" + lineage + "/";
        file(archive + "fullchain2.pem", Pem.encode(credential.chain()))
                .file(archive + "cert2.pem", Pem.encode(credential.chain().subList(0, 1)))
                .file(archive + "chain2.pem", Pem.encode(credential.chain().subList(1, 2)))
                .file(archive + "privkey2.pem", Pem.encode(credential.privateKey()));
        for (String part : List.of("cert", "chain", "fullchain", "privkey")) {
            link("live/" + lineage + "/" + part + ".pem", "../../" + archive + part + "2.pem");
        }
        return file("live/README", "This directory contains your keys and certificates.\n")
                .file("live/" + lineage + "/README", "This directory contains your keys and certificates.\n")
                .file(
                        "renewal/" + lineage + ".conf",
                        "# renew_before_expiry = 30 days\nversion = 2.1.0\narchive_dir = "
                                + root.resolve(archive)
                                + "\n\n# Options used in the renewal process\n[renewalparams]\naccount = "
                                + account + "\nserver = " + server
                                + "\nauthenticator = standalone\nkey_type = ecdsa\n");
    }

    WrittenFolder certbotAccount(String server, String id, KeyPair pair, String location) {
        String folder = "accounts/" + server + "/" + id + "/";
        return file(folder + "private_key.json", jwk(pair))
                .file(folder + "regr.json", "{\"body\": {}, \"uri\": \"" + location + "\"}")
                .file(folder + "meta.json", "{\"creation_dt\": \"2026-05-27T23:15:22Z\", \"creation_host\": \"web\"}");
    }

    /** As acme.sh does: EC certificates have folders of their own. */
    WrittenFolder acmeSh(String folder, Credential credential, String api) {
        String name = firstName(credential);
        return file(folder + "/" + name + ".cer", Pem.encode(credential.chain().subList(0, 1)))
                .file(folder + "/ca.cer", Pem.encode(credential.chain().subList(1, 2)))
                .file(folder + "/fullchain.cer", Pem.encode(credential.chain()))
                .file(folder + "/" + name + ".key", traditional(credential.privateKey()))
                .file(
                        folder + "/" + name + ".conf",
                        "Le_Domain='" + name + "'\nLe_Alt='no'\nLe_Webroot='dns_cf'\n" + "Le_PreHook=''\nLe_API='" + api
                                + "'\nLe_Keylength='ec-256'\nLe_NextRenewTime='1796000000'\n");
    }

    WrittenFolder acmeShAccount(String server, String email, KeyPair pair, String location) {
        return file("account.conf", "ACCOUNT_EMAIL='" + email + "'\nUPGRADE_HASH='abc'\n")
                .file("ca/" + server + "/account.key", traditional(pair.getPrivate()))
                .file("ca/" + server + "/account.json", "{\n  \"status\": \"valid\"\n}")
                .file(
                        "ca/" + server + "/ca.conf",
                        "CA_EMAIL='" + email + "'\nACCOUNT_URL='" + location + "'\nCA_KEY_HASH='q1w2e3'\n");
    }

    /** As autocert does: key and chain in one file. */
    WrittenFolder autocert(String file, Credential credential) {
        return file(file, traditional(credential.privateKey()) + Pem.encode(credential.chain()));
    }

    static String firstName(Credential credential) {
        return credential.coverage().exactNames().isEmpty()
                ? credential.coverage().wildcardNames().first().toString()
                : credential.coverage().exactNames().first().value();
    }

    /** SEC 1 with the curve, and PKCS #1, as Go and openssl write them. */
    static String traditional(PrivateKey key) {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            PrivateKeyInfo info = PrivateKeyInfo.getInstance(key.getEncoded());
            if (key instanceof java.security.interfaces.ECPrivateKey ec) {
                int bits = ec.getParams().getOrder().bitLength();
                ASN1Encodable curve = info.getPrivateKeyAlgorithm().getParameters();
                writer.writeObject(
                        new PemObject("EC PRIVATE KEY", new ECPrivateKey(bits, ec.getS(), curve).getEncoded()));
            } else {
                writer.writeObject(new PemObject(
                        "RSA PRIVATE KEY",
                        info.parsePrivateKey().toASN1Primitive().getEncoded()));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return text.toString();
    }

    static String jwk(KeyPair pair) {
        try {
            PublicJsonWebKey key = PublicJsonWebKey.Factory.newPublicJwk(pair.getPublic());
            key.setPrivateKey(pair.getPrivate());
            return key.toJson(JsonWebKey.OutputControlLevel.INCLUDE_PRIVATE);
        } catch (JoseException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
