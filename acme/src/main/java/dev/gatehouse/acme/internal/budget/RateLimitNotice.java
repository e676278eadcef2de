package dev.gatehouse.acme.internal.budget;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the {@code detail} of a {@code rateLimited} problem says, as far as it is known from Let's Encrypt.
 *
 * @param scope what is limited
 * @param subject the domain or name that it mentions
 * @param retryAfter the moment that it mentions
 */
record RateLimitNotice(Scope scope, Optional<String> subject, Optional<Instant> retryAfter) {

    private static final Pattern SUBJECT = Pattern.compile("\\bfor \"(?<subject>[^\"]{1,255})\"");
    private static final Pattern MOMENT =
            Pattern.compile("retry after (?<date>\\d{4}-\\d{2}-\\d{2})[ T](?<time>\\d{2}:\\d{2}:\\d{2})(?: UTC|Z)");
    private static final DateTimeFormatter DATE_TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

    /** What a limit counts. */
    enum Scope {
        /** All that the account does; also what is not understood. */
        ACCOUNT("account"),
        /** New accounts only. */
        NEW_ACCOUNTS("new accounts"),
        /** Certificates below a registrable domain. */
        REGISTERED_DOMAIN("registered domain"),
        /** Certificates for exactly the same names. */
        NAME_SET("exact set of names"),
        /** Validations of one name. */
        NAME("name");

        private final String words;

        Scope(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    static RateLimitNotice read(String detail) {
        Matcher subject = SUBJECT.matcher(detail);
        return new RateLimitNotice(
                scopeOf(detail.toLowerCase(Locale.ROOT)),
                subject.find() ? Optional.of(subject.group("subject").toLowerCase(Locale.ROOT)) : Optional.empty(),
                moment(detail));
    }

    private static Scope scopeOf(String detail) {
        if (detail.contains("new registrations")) {
            return Scope.NEW_ACCOUNTS;
        }
        if (detail.contains("exact set of")) {
            return Scope.NAME_SET;
        }
        if (detail.contains("certificates") && detail.contains("already issued for")) {
            return Scope.REGISTERED_DOMAIN;
        }
        return detail.contains("failed authorizations") && detail.contains(" for \"") ? Scope.NAME : Scope.ACCOUNT;
    }

    private static Optional<Instant> moment(String detail) {
        Matcher matcher = MOMENT.matcher(detail);
        if (!matcher.find()) {
            return Optional.empty();
        }
        try {
            String text = matcher.group("date") + " " + matcher.group("time");
            return Optional.of(LocalDateTime.parse(text, DATE_TIME).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException noDate) {
            return Optional.empty();
        }
    }
}
