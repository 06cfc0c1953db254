// Exponential, logarithm and their kin in double precision, the same bits on every machine.
//
// The system's libm may change its last bit with the library's version and the processor; a saved score must not. These
// functions use only additions, multiplications and divisions, which IEEE 754 fixes, in one order. Reduction of the
// argument follows Cody and Waite, Software Manual for the Elementary Functions, 1980. Coefficients are those of the
// Taylor series; the number of terms leaves a truncation error below a twentieth of a unit in the last place (ULP).

/// Elementary functions that do not depend on the machine. Square roots need no such care: IEEE 754 fixes them.
///
/// The stated error bounds hold over the whole range and are checked against values of 60 digits.
public enum PortableMath {
    /// The multiple of ln 2 that is nearest to `x`, and what is left of `x`.
    @inlinable
    static func reduce(_ x: Double) -> (power: Double, rest: Double) {
        let rounding = 6_755_399_441_055_744.0  // 1.5 · 2^52: adding it leaves no fraction bits
        let power = (x * 1.4426950408889634 + rounding) - rounding
        // The high part of ln 2 ends in 21 zero bits, so its product with a power below 2^21 is exact.
        let rest = (x - power * 0x1.62e42feep-1) - power * 0x1.a39ef35793c76p-33
        return (power, rest)
    }

    /// e^r − 1 for |r| ≤ ½ ln 2.
    @inlinable
    static func exponentialMinusOneSeries(_ r: Double) -> Double {
        var sum = 1.0 / 6_227_020_800
        sum = sum * r + 1.0 / 479_001_600
        sum = sum * r + 1.0 / 39_916_800
        sum = sum * r + 1.0 / 3_628_800
        sum = sum * r + 1.0 / 362_880
        sum = sum * r + 1.0 / 40_320
        sum = sum * r + 1.0 / 5_040
        sum = sum * r + 1.0 / 720
        sum = sum * r + 1.0 / 120
        sum = sum * r + 1.0 / 24
        sum = sum * r + 1.0 / 6
        sum = sum * r + 0.5
        return r + r * r * sum
    }

    /// 2^power for powers of normal numbers.
    @inlinable
    static func powerOfTwo(_ power: Int) -> Double {
        Double(bitPattern: UInt64(truncatingIfNeeded: power &+ 1023) << 52)
    }

    /// e^x; at most 1 ULP from the true value.
    @inlinable
    public static func exp(_ x: Double) -> Double {
        if x > 709.79 { return .infinity }
        if x < -745.2 { return 0 }
        if x.isNaN { return x }
        let (power, rest) = reduce(x)
        let exponent = Int(power)
        // Two steps, as the power alone may be beyond the normal numbers when the result is not.
        let half = exponent >> 1
        return (1 + exponentialMinusOneSeries(rest)) * powerOfTwo(half) * powerOfTwo(exponent - half)
    }

    /// e^x − 1 without loss of digits near zero; at most 2 ULP from the true value.
    @inlinable
    public static func expMinusOne(_ x: Double) -> Double {
        if x > 44 { return exp(x) }  // 1 is below half a ULP of e^x
        if x < -38 { return -1 }
        if x.isNaN { return x }
        let (power, rest) = reduce(x)
        let scale = powerOfTwo(Int(power))
        return scale * exponentialMinusOneSeries(rest) + (scale - 1)
    }

    /// The natural logarithm; at most 1 ULP from the true value. Minus infinity at zero, not a number below.
    @inlinable
    public static func log(_ x: Double) -> Double {
        guard x > 0, x < .infinity else {
            return x == 0 ? -.infinity : (x > 0 ? x : .nan)
        }
        var exponent = 0
        var normal = x
        if x < .leastNormalMagnitude {
            normal *= 0x1p54
            exponent = -54
        }
        // A mantissa between √½ and √2, so that the series is short on both sides.
        let bits = normal.bitPattern &+ (0x3ff0_0000_0000_0000 &- 0x3fe6_a09e_667f_3bcd)
        exponent += Int(bits >> 52) - 1023
        let mantissa = Double(bitPattern: (bits & 0x000f_ffff_ffff_ffff) &+ 0x3fe6_a09e_667f_3bcd)

        // With s = f / (2 + f): ln(1 + f) = 2 (s + s³/3 + s⁵/5 + …), and 2s = f − s f keeps the digits of f.
        let f = mantissa - 1
        let s = f / (2 + f)
        let z = s * s
        var series = 2.0 / 25
        series = series * z + 2.0 / 23
        series = series * z + 2.0 / 21
        series = series * z + 2.0 / 19
        series = series * z + 2.0 / 17
        series = series * z + 2.0 / 15
        series = series * z + 2.0 / 13
        series = series * z + 2.0 / 11
        series = series * z + 2.0 / 9
        series = series * z + 2.0 / 7
        series = series * z + 2.0 / 5
        series = series * z + 2.0 / 3
        series *= z
        let power = Double(exponent)
        // f − (f²/2 − s (f²/2 + series)) rounds the large term f once only.
        let halfSquare = 0.5 * f * f
        return power * 0x1.62e42feep-1
            + (f - (halfSquare - (s * (halfSquare + series) + power * 0x1.a39ef35793c76p-33)))
    }

    /// ln(1 + x) without loss of digits near zero; at most 2 ULP from the true value.
    @inlinable
    public static func logOnePlus(_ x: Double) -> Double {
        let sum = 1 + x
        if sum == 1 || !(sum < .infinity) || sum <= 0 { return sum == 1 ? x : log(sum) }
        // What the addition rounded away, to first order.
        return log(sum) + (x - (sum - 1)) / sum
    }

    /// The hyperbolic tangent; at most 3 ULP from the true value.
    @inlinable
    public static func tanh(_ x: Double) -> Double {
        if x.isNaN { return x }
        let magnitude = Swift.min(x.magnitude, 22)  // from here on the result is 1
        let grown = expMinusOne(2 * magnitude)
        return Double(signOf: x, magnitudeOf: grown / (grown + 2))
    }

    /// The logistic function 1 / (1 + e^−x); at most 3 ULP from the true value.
    @inlinable
    public static func sigmoid(_ x: Double) -> Double {
        let decayed = exp(-x.magnitude)
        return (x < 0 ? decayed : 1) / (1 + decayed)
    }
}
