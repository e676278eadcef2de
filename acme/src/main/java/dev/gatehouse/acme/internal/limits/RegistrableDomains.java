package dev.gatehouse.acme.internal.limits;

import dev.gatehouse.tls.ServerName;
import dev.gatehouse.tls.SubjectName;
import dev.gatehouse.tls.WildcardName;
import org.apache.hc.client5.http.psl.PublicSuffixMatcher;
import org.apache.hc.client5.http.psl.PublicSuffixMatcherLoader;

/**
 * The domain that somebody has registered, of a name below it: {@code example.co.uk} of {@code a.b.example.co.uk}. By the
 * public suffix list with its private part, as certificate authorities count: {@code me.github.io} is a registrable
 * domain. The list is read when first needed, which takes half a second.
 */
public final class RegistrableDomains {

    private RegistrableDomains() {}

    /** Loaded once for all. */
    private static final class List {

        static final PublicSuffixMatcher SUFFIXES = PublicSuffixMatcherLoader.getDefault();
    }

    /** That of a wildcard name is that of the names below it. */
    public static String of(SubjectName name) {
        return name instanceof WildcardName wildcard ? of(wildcard.parent()) : of((ServerName) name);
    }

    /** An address and a public suffix stand for themselves. */
    public static String of(ServerName name) {
        if (name.isIpAddress()) {
            return name.value();
        }
        String domain = List.SUFFIXES.getDomainRoot(name.value());
        return domain == null ? name.value() : domain;
    }
}
