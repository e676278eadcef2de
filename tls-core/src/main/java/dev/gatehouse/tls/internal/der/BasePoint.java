package dev.gatehouse.tls.internal.der;

import java.math.BigInteger;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.math.ec.ECCurve;
import org.bouncycastle.math.ec.ECLookupTable;
import org.bouncycastle.math.ec.ECPoint;

/**
 * The base point of a curve with tables of its multiples, for those who multiply it very often: half the work of
 * BouncyCastle's own comb, which has to do with far smaller tables. The number is written in odd digits from -31 to 31, so
 * the same additions are made for each number, and tables are read in a way that does not tell which entry is used.
 */
final class BasePoint {

    private static final int WIDTH = 5;
    private static final int ENTRIES = 1 << WIDTH - 1;

    private final BigInteger order;
    private final int digits;
    private final BigInteger offset;
    private final ECLookupTable[] multiples;

    private BasePoint(BigInteger order, int digits, ECLookupTable[] multiples) {
        this.order = order;
        this.digits = digits;
        this.offset = BigInteger.ONE.shiftLeft(digits * WIDTH).subtract(BigInteger.ONE);
        this.multiples = multiples;
    }

    static BasePoint of(X9ECParameters parameters) {
        ECCurve curve = parameters.getCurve();
        int digits = parameters.getN().bitLength() / WIDTH + 1;
        ECPoint[] points = new ECPoint[digits * ENTRIES];
        ECPoint unit = parameters.getG();
        for (int digit = 0; digit < digits; digit++) {
            ECPoint twice = unit.twice();
            points[digit * ENTRIES] = unit;
            for (int i = 1; i < ENTRIES; i++) {
                points[digit * ENTRIES + i] = points[digit * ENTRIES + i - 1].add(twice);
            }
            unit = twice.timesPow2(WIDTH - 1);
        }
        curve.normalizeAll(points);
        ECLookupTable[] multiples = new ECLookupTable[digits];
        for (int digit = 0; digit < digits; digit++) {
            multiples[digit] = curve.createCacheSafeLookupTable(points, digit * ENTRIES, ENTRIES);
        }
        return new BasePoint(parameters.getN(), digits, multiples);
    }

    /** The multiple, not normalized, for a number from 1 to less than the order. */
    ECPoint times(BigInteger number) {
        if (number.signum() <= 0 || number.compareTo(order) >= 0) {
            throw new IllegalArgumentException("its number is out of range");
        }
        boolean isOdd = number.testBit(0);
        BigInteger odd = isOdd ? number : order.subtract(number);
        BigInteger signs = odd.add(offset).shiftRight(1);
        ECPoint sum = multiple(signs, 0);
        for (int digit = 1; digit < digits; digit++) {
            sum = sum.add(multiple(signs, digit));
        }
        return isOdd ? sum : sum.negate();
    }

    /** A one among the bits stands for plus, a zero for minus its power of two, so that every digit is odd. */
    private ECPoint multiple(BigInteger signs, int digit) {
        int bits = 0;
        for (int i = WIDTH - 1; i >= 0; i--) {
            bits = bits << 1 | (signs.testBit(digit * WIDTH + i) ? 1 : 0);
        }
        int negative = ~bits >> WIDTH - 1 & 1;
        ECPoint multiple = multiples[digit].lookup((bits ^ -negative) & ENTRIES - 1);
        return new ECPoint[] {multiple, multiple.negate()}[negative];
    }
}
