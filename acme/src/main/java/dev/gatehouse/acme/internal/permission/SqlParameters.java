package dev.gatehouse.acme.internal.permission;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Counts the parameters of a query: question marks outside of text, quoted names and comments. */
final class SqlParameters {

    /** A doubled question mark is an operator of PostgreSQL, escaped for JDBC. */
    private static final Pattern TOKEN =
            Pattern.compile("'[^']*'|\"[^\"]*\"|--[^\\n]*|/\\*.*?\\*/|\\?\\?|(?<parameter>\\?)", Pattern.DOTALL);

    private SqlParameters() {}

    static int count(String query) {
        int parameters = 0;
        Matcher token = TOKEN.matcher(query);
        while (token.find()) {
            if (token.group("parameter") != null) {
                parameters++;
            }
        }
        return parameters;
    }
}
