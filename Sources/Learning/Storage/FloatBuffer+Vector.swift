// Whole-buffer arithmetic: what optimisers and target networks need of a parameter vector.

extension FloatBuffer {
    /// Sets every float to `value`.
    public func fill(_ value: Float) {
        withView { $0.fill(value) }
    }

    /// Copies all of `other`, which has the same count.
    public func copy(from other: FloatBuffer) {
        withView { view in other.withView { view.copy(from: $0) } }
    }

    /// Copies `count` floats of `other` from `source` to `destination` of this buffer.
    public func copy(from other: FloatBuffer, at source: Int, to destination: Int, count: Int) {
        withView { view in
            other.withView { view.slice(destination, count).copy(from: $0.slice(source, count)) }
        }
    }

    /// Moves every float towards its counterpart: `self += rate · (other − self)`.
    ///
    /// With a small rate this is the soft update of a target network (Lillicrap et al., Continuous control with deep
    /// reinforcement learning, ICLR 2016).
    public func interpolate(towards other: FloatBuffer, rate: Float) {
        withView { view in
            other.withView { target in
                precondition(view.count == target.count, "the buffers differ in size")
                view.updateVectors(with: target) { own, target in own + (target - own) * rate }
            }
        }
    }

    /// Multiplies every float by `factor`.
    public func scale(by factor: Float) {
        withView { $0.updateVectors { $0 * factor } }
    }

    /// The Euclidean norm of the whole buffer, summed in blocks of 512 floats and then in double precision.
    public var norm: Double {
        withView { $0.sumOfSquares.squareRoot() }
    }
}
