package dev.gatehouse.tls.internal.der;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class BasePointTest {

    @ParameterizedTest
    @ValueSource(strings = {"P-256", "P-384", "P-521"})
    void multiplesAreThoseOfBouncyCastle(String name) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        X9ECParameters curve = CustomNamedCurves.getByName(name);
        BasePoint basePoint = BasePoint.of(curve);
        for (int i = 1; i <= 300; i++) {
            BigInteger small = BigInteger.valueOf(i);
            BigInteger any = new BigInteger(curve.getN().bitLength() - 1, random).add(BigInteger.ONE);
            for (BigInteger number : List.of(small, curve.getN().subtract(small), any)) {
                assertThat(basePoint.times(number).normalize())
                        .as("%s times %s, seed %d", name, number, seed)
                        .isEqualTo(new FixedPointCombMultiplier()
                                .multiply(curve.getG(), number)
                                .normalize());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"P-256", "P-384", "P-521"})
    void numbersOutOfRangeAreRefused(String name) {
        X9ECParameters curve = CustomNamedCurves.getByName(name);
        BasePoint basePoint = BasePoint.of(curve);

        for (BigInteger number : List.of(BigInteger.ZERO, curve.getN(), BigInteger.ONE.negate())) {
            assertThatThrownBy(() -> basePoint.times(number)).hasMessage("its number is out of range");
        }
    }
}
