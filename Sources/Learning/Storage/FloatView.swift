// The one handle to raw memory in this module: every pointer is behind it, and every range is checked.

/// A range of floats that somebody else owns. Copies of a view name the same floats.
///
/// A view is handed to a layer or to a closure for the length of one call and must not be kept. Slices are checked
/// against the view when they are made, so that the loops inside the kernels need no further checks.
public struct FloatView {
    /// Number of floats.
    public let count: Int

    let base: UnsafeMutablePointer<Float>

    init(base: UnsafeMutablePointer<Float>, count: Int) {
        self.base = base
        self.count = count
    }

    /// The float at `index`; an index outside of the view stops the program.
    public subscript(index: Int) -> Float {
        get {
            precondition(index >= 0 && index < count, "index outside of the view")
            return base[index]
        }
        nonmutating set {
            precondition(index >= 0 && index < count, "index outside of the view")
            base[index] = newValue
        }
    }

    /// The `count` floats from `offset` on.
    public func slice(_ offset: Int, _ count: Int) -> FloatView {
        precondition(offset >= 0 && count >= 0 && offset <= self.count - count, "slice outside of the view")
        return FloatView(base: base + offset, count: count)
    }

    /// The view as `rows` rows of `columns` floats, one row every `stride` floats (`columns` where not given).
    ///
    /// A stride below `columns` makes rows overlap, which is how a convolution sees its windows.
    public func matrix(rows: Int, columns: Int, stride: Int? = nil) -> FloatMatrix {
        let stride = stride ?? columns
        precondition(rows >= 0 && columns >= 0 && stride >= 0, "a matrix cannot have a negative size")
        precondition(rows == 0 || (rows - 1) * stride + columns <= count, "matrix outside of the view")
        return FloatMatrix(base: base, rows: rows, columns: columns, stride: stride)
    }

    /// Sets every float to `value`.
    public func fill(_ value: Float) {
        base.update(repeating: value, count: count)
    }

    /// Copies all of `other`, which has the same count and does not overlap this view.
    public func copy(from other: FloatView) {
        precondition(count == other.count, "the views differ in size")
        base.update(from: other.base, count: count)
    }
}
