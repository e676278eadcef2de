package dev.gatehouse.examples.acme;

import dev.gatehouse.testing.AcmeFault;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/** Makes a fault of the value that follows its name, and says what is wrong with that. */
final class FaultMaker {

    private final @Nullable Supplier<AcmeFault> withoutValue;
    private final @Nullable String form;
    private final @Nullable Function<String, AcmeFault> withValue;

    private FaultMaker(
            @Nullable Supplier<AcmeFault> withoutValue,
            @Nullable String form,
            @Nullable Function<String, AcmeFault> withValue) {
        this.withoutValue = withoutValue;
        this.form = form;
        this.withValue = withValue;
    }

    static FaultMaker without(Supplier<AcmeFault> maker) {
        return new FaultMaker(maker, null, null);
    }

    static FaultMaker with(String form, Function<String, AcmeFault> maker) {
        return new FaultMaker(null, form, maker);
    }

    static FaultMaker optionally(Supplier<AcmeFault> withoutValue, String form, Function<String, AcmeFault> withValue) {
        return new FaultMaker(withoutValue, form, withValue);
    }

    /** {@return what may follow the name} */
    String form() {
        if (form == null) {
            return "";
        }
        return withoutValue == null ? "=" + form : "[=" + form + "]";
    }

    AcmeFault make(String name, @Nullable String value) {
        if (value == null) {
            if (withoutValue == null) {
                throw new TypeConversionException("'" + name + "' lacks its value. Write " + name + form() + ".");
            }
            return withoutValue.get();
        }
        if (withValue == null) {
            throw new TypeConversionException("'" + name + "' takes no value. Leave '=" + value + "' out.");
        }
        try {
            return withValue.apply(value);
        } catch (IllegalArgumentException | IndexOutOfBoundsException | TypeConversionException wrong) {
            throw new TypeConversionException("'" + value + "' is no value of '" + name + "' (" + wrong.getMessage()
                    + "). Write " + name + form() + ".");
        }
    }
}
