package dev.gatehouse.examples.acme;

import dev.gatehouse.testing.AcmeFault;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads faults as they are written on the command line: {@code NAME[=VALUE][@WHERE][*TIMES]}. */
final class FaultConverter implements ITypeConverter<AcmeFault> {

    private static final Pattern FORM =
            Pattern.compile("(?<name>[^=@*]*)(?:=(?<value>[^@]*?))?(?:@(?<where>.*?))?(?:\\*(?<times>[^*@=.]*))?");

    @Override
    public AcmeFault convert(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new TypeConversionException(
                    "'" + text + "' is not a fault. Write NAME[=VALUE][@WHERE][*TIMES], such as bad-nonce*3.");
        }
        FaultName name = FaultName.called(parts.group("name"));
        AcmeFault fault = name.fault(parts.group("value"));
        String where = parts.group("where");
        return repeated(where == null ? fault : name.at(fault, where), parts.group("times"));
    }

    private static AcmeFault repeated(AcmeFault fault, @Nullable String times) {
        if (times == null) {
            return fault;
        }
        if (times.equals("always")) {
            return fault.always();
        }
        if (times.matches("[1-9]\\d{0,8}")) {
            return fault.times(Integer.parseInt(times));
        }
        throw new TypeConversionException(
                "'*" + times + "' does not say how often. Write a number, as in *3, or *always.");
    }
}
