// Element-wise loops in vectors of eight floats.
//
// The last vector of a range that is no multiple of eight is padded with zeros, computed like the others and stored in
// part, so that an element's result never depends on its place.

/// The vector in which all kernels compute.
public typealias FloatVector = SIMD8<Float>

extension UnsafePointer<Float> {
    /// Eight floats from here; no alignment is needed.
    @inline(__always)
    var vector: FloatVector {
        UnsafeRawPointer(self).loadUnaligned(as: FloatVector.self)
    }

    /// The first `count` floats from here, and zeros.
    @inline(__always)
    func partialVector(_ count: Int) -> FloatVector {
        var vector = FloatVector.zero
        var lane = 0
        while lane < count {
            vector[lane] = self[lane]
            lane &+= 1
        }
        return vector
    }
}

extension UnsafeMutablePointer<Float> {
    /// Eight floats from here; no alignment is needed.
    @inline(__always)
    var vector: FloatVector {
        get { UnsafePointer(self).vector }
        nonmutating set { UnsafeMutableRawPointer(self).storeBytes(of: newValue, as: FloatVector.self) }
    }

    /// Stores the first `count` lanes of `vector` here.
    @inline(__always)
    func storePartial(_ vector: FloatVector, _ count: Int) {
        var lane = 0
        while lane < count {
            self[lane] = vector[lane]
            lane &+= 1
        }
    }
}

extension FloatVector {
    /// The sum of the eight lanes, always as ((0+4)+(2+6))+((1+5)+(3+7)).
    @inline(__always)
    var horizontalSum: Float {
        let four = lowHalf + highHalf
        let two = four.lowHalf + four.highHalf
        return two.x + two.y
    }
}

extension FloatView {
    /// Replaces every float by `transform` of it.
    @inline(__always)
    public func updateVectors(_ transform: (FloatVector) -> FloatVector) {
        var index = 0
        while index &+ 8 <= count {
            (base + index).vector = transform((base + index).vector)
            index &+= 8
        }
        if index < count {
            let rest = count &- index
            (base + index).storePartial(transform(UnsafePointer(base + index).partialVector(rest)), rest)
        }
    }

    /// Replaces every float by `transform` of it and its counterpart in `other`, which has at least this count.
    @inline(__always)
    public func updateVectors(with other: FloatView, _ transform: (FloatVector, FloatVector) -> FloatVector) {
        precondition(other.count >= count, "the views differ in size")
        var index = 0
        while index &+ 8 <= count {
            (base + index).vector = transform((base + index).vector, (other.base + index).vector)
            index &+= 8
        }
        if index < count {
            let rest = count &- index
            let own = UnsafePointer(base + index).partialVector(rest)
            let others = UnsafePointer(other.base + index).partialVector(rest)
            (base + index).storePartial(transform(own, others), rest)
        }
    }

    /// Calls `body` with the offset and the lanes in use of each vector of the view, in order.
    @inline(__always)
    func forEachVector(_ body: (_ offset: Int, _ lanes: Int) -> Void) {
        var index = 0
        while index &+ 8 <= count {
            body(index, 8)
            index &+= 8
        }
        if index < count { body(index, count &- index) }
    }

    /// The `lanes` floats from `offset` on, and zeros. The caller stays within the view.
    @inline(__always)
    func load(_ offset: Int, _ lanes: Int) -> FloatVector {
        lanes == 8 ? (base + offset).vector : UnsafePointer(base + offset).partialVector(lanes)
    }

    /// Stores the first `lanes` floats of `vector` from `offset` on. The caller stays within the view.
    @inline(__always)
    func store(_ vector: FloatVector, _ offset: Int, _ lanes: Int) {
        if lanes == 8 {
            (base + offset).vector = vector
        } else {
            (base + offset).storePartial(vector, lanes)
        }
    }

    /// The sum of the squares of all floats; blocks of 512 floats in single precision, their sum in double precision.
    var sumOfSquares: Double {
        var total = 0.0
        var start = 0
        while start < count {
            var sum = FloatVector.zero
            let block = slice(start, min(512, count - start))
            block.forEachVector { offset, lanes in
                let vector = block.load(offset, lanes)
                sum += vector * vector
            }
            total += Double(sum.horizontalSum)
            start += 512
        }
        return total
    }
}
