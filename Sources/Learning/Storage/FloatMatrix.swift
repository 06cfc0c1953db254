// Rows of floats in somebody else's memory, and the three matrix products of which all layers are made.
//
// Every product has one fixed order of summation for each element of its result. The order depends on the number of
// columns alone: a batch gives the same bits as its samples one by one. Swift never fuses a multiplication with the
// addition that follows it, so machines with and without fused instructions agree too.

/// A matrix of `rows` × `columns` floats, one row every `stride` floats. Made by `FloatView.matrix`, which checks it.
public struct FloatMatrix {
    public let rows: Int
    public let columns: Int
    public let stride: Int

    let base: UnsafeMutablePointer<Float>

    init(base: UnsafeMutablePointer<Float>, rows: Int, columns: Int, stride: Int) {
        self.base = base
        self.rows = rows
        self.columns = columns
        self.stride = stride
    }

    /// One row as a view.
    @inline(__always)
    public func row(_ index: Int) -> FloatView {
        precondition(index >= 0 && index < rows, "row outside of the matrix")
        return FloatView(base: base + index * stride, count: columns)
    }
}
