// e^x in single precision, by way of double.

import Learning

enum Exponential {
    @inline(__always)
    static func of(_ x: Float) -> Float { Float(PortableMath.exp(Double(x))) }
}
