package dev.gatehouse.examples.acme;

import dev.gatehouse.examples.proxy.config.Durations;
import java.time.Duration;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads durations as the configuration file has them, and days. */
final class DurationConverter implements ITypeConverter<Duration> {

    private static final Pattern DAYS = Pattern.compile("\\d{1,5}d");

    @Override
    public Duration convert(String text) {
        if (DAYS.matcher(text).matches()) {
            return Duration.ofDays(Long.parseLong(text.substring(0, text.length() - 1)));
        }
        return Durations.parse(text)
                .orElseThrow(() -> new TypeConversionException(
                        "'" + text + "' is not a duration. Write 90d, 12h, 5m, 30s or 500ms."));
    }
}
