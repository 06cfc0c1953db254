// The same functions in single precision, eight at a time: what the activations of a network need.
//
// A scalar result is one lane of the vector's, so that it has the same bits. Every lane takes the same steps; there are
// no branches.

extension PortableMath {
    /// The multiple of ln 2 nearest to each lane as an integer and what is left. Lanes are within ±104.
    @inline(__always)
    static func reduce(_ x: FloatVector) -> (power: SIMD8<Int32>, rest: FloatVector) {
        let rounding: Float = 12_582_912  // 1.5 · 2^23: adding it leaves no fraction bits
        let rounded = x * 1.442695 + rounding
        let power = unsafeBitCast(rounded, to: SIMD8<Int32>.self) &- Int32(bitPattern: rounding.bitPattern)
        let whole = rounded - rounding
        // 355/512 has nine bits, so that its product with a power below 2^15 is exact.
        let rest = (x - whole * 0.693359375) - whole * -2.12194440e-4
        return (power, rest)
    }

    /// e^r − 1 for |r| ≤ ½ ln 2.
    @inline(__always)
    static func exponentialMinusOneSeries(_ r: FloatVector) -> FloatVector {
        var sum = FloatVector(repeating: 1.0 / 40_320) * r + 1.0 / 5_040
        sum = sum * r + 1.0 / 720
        sum = sum * r + 1.0 / 120
        sum = sum * r + 1.0 / 24
        sum = sum * r + 1.0 / 6
        sum = sum * r + 0.5
        return r + r * r * sum
    }

    /// 2^power for powers of normal numbers.
    @inline(__always)
    static func powerOfTwo(_ power: SIMD8<Int32>) -> FloatVector {
        unsafeBitCast((power &+ 127) &<< 23, to: FloatVector.self)
    }

    /// The absolute value of each lane.
    @inline(__always)
    static func magnitude(_ x: FloatVector) -> FloatVector {
        unsafeBitCast(unsafeBitCast(x, to: SIMD8<UInt32>.self) & 0x7fff_ffff, to: FloatVector.self)
    }

    /// e^x of each lane; at most 1 ULP from the true value.
    @inline(__always)
    public static func exp(_ x: FloatVector) -> FloatVector {
        // Beyond these the result is infinity and zero; lanes that are not numbers pass both comparisons.
        let clamped = x.replacing(with: 89, where: x .> 89).replacing(with: -104, where: x .< -104)
        let (power, rest) = reduce(clamped)
        let half = power &>> 1
        return (exponentialMinusOneSeries(rest) + 1) * powerOfTwo(half) * powerOfTwo(power &- half)
    }

    /// The hyperbolic tangent of each lane; at most 3 ULP from the true value.
    @inline(__always)
    public static func tanh(_ x: FloatVector) -> FloatVector {
        let positive = magnitude(x)
        let clamped = positive.replacing(with: 10, where: positive .> 10)  // from 9.02 on the result is 1
        let (power, rest) = reduce(clamped + clamped)
        let scale = powerOfTwo(power)
        let grown = scale * exponentialMinusOneSeries(rest) + (scale - 1)
        let result = grown / (grown + 2)
        let sign = unsafeBitCast(x, to: SIMD8<UInt32>.self) & 0x8000_0000
        return unsafeBitCast(unsafeBitCast(result, to: SIMD8<UInt32>.self) | sign, to: FloatVector.self)
    }

    /// The logistic function 1 / (1 + e^−x) of each lane; at most 3 ULP from the true value.
    @inline(__always)
    public static func sigmoid(_ x: FloatVector) -> FloatVector {
        let decayed = exp(-magnitude(x))
        return decayed.replacing(with: 1, where: x .>= 0) / (decayed + 1)
    }

    /// e^x; at most 1 ULP from the true value.
    public static func exp(_ x: Float) -> Float { exp(FloatVector(repeating: x))[0] }

    /// The hyperbolic tangent; at most 3 ULP from the true value.
    public static func tanh(_ x: Float) -> Float { tanh(FloatVector(repeating: x))[0] }

    /// The logistic function; at most 3 ULP from the true value.
    public static func sigmoid(_ x: Float) -> Float { sigmoid(FloatVector(repeating: x))[0] }

    /// The natural logarithm, computed in double precision and rounded; at most 0.501 ULP from the true value.
    @inlinable
    public static func log(_ x: Float) -> Float { Float(log(Double(x))) }
}
