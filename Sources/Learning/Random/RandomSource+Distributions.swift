// Numbers of given distributions. The standard library's own would change with its algorithms.

extension RandomSource {
    /// A number of the uniform distribution over 0 ..< 1, a multiple of 2^−53.
    @inlinable
    public mutating func uniform() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// A number of the uniform distribution over `lower` ..< `upper`.
    @inlinable
    public mutating func uniform(_ lower: Double, _ upper: Double) -> Double {
        lower + (upper - lower) * uniform()
    }

    /// Each whole number of 0 ..< `bound` with the same probability (Lemire, Fast random integer generation in an
    /// interval, ACM Trans. Model. Comput. Simul. 29, 2019). `bound` is at least 1.
    @inlinable
    public mutating func below(_ bound: Int) -> Int {
        precondition(bound > 0, "there is no number below this bound")
        let range = UInt64(bound)
        var product = next().multipliedFullWidth(by: range)
        if product.low < range {
            let threshold = (0 &- range) % range
            while product.low < threshold {
                product = next().multipliedFullWidth(by: range)
            }
        }
        return Int(product.high)
    }

    /// True with the given probability.
    @inlinable
    public mutating func chance(_ probability: Double) -> Bool {
        uniform() < probability
    }

    /// A number of the normal distribution with mean 0 and standard deviation 1, by the polar method (Marsaglia and
    /// Bray, A convenient method for generating normal variables, SIAM Review 6, 1964).
    @inlinable
    public mutating func normal() -> Double {
        if let spare = spareNormal {
            spareNormal = nil
            return spare
        }
        while true {
            let x = 2 * uniform() - 1
            let y = 2 * uniform() - 1
            let square = x * x + y * y
            if square < 1 && square > 0 {
                let factor = (-2 * PortableMath.log(square) / square).squareRoot()
                spareNormal = y * factor
                return x * factor
            }
        }
    }

    /// A number of the exponential distribution with the given mean, such as the gap between two events of a Poisson
    /// process.
    @inlinable
    public mutating func exponential(mean: Double) -> Double {
        -mean * PortableMath.log(1 - uniform())
    }

    /// Brings `elements` into a random order, every order with the same probability (Fisher and Yates).
    @inlinable
    public mutating func shuffle<Element>(_ elements: inout [Element]) {
        var last = elements.count - 1
        while last > 0 {
            elements.swapAt(last, below(last + 1))
            last -= 1
        }
    }
}
