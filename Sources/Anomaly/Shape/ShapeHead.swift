// The part of a shape that a search looks at first.

/// Four numbers that tell most shapes apart (bytes each way, the second packet's length, the duration), and the length of
/// the vector that the others are.
struct ShapeHead {
    static let width = 5
    private let numbers: SIMD8<Float>

    init(of values: SIMD32<Float>) {
        var rest = values
        for place in [0, 7, 15, 22] { rest[place] = 0 }
        let length = (rest * rest).sum().squareRoot()
        numbers = SIMD8(values[0], values[7], values[15], values[22], length, 0, 0, 0)
    }

    @inline(__always)
    subscript(number: Int) -> Float { numbers[number] }
}
