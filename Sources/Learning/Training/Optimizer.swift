// What changes parameters.

/// A rule that moves a parameter vector against its gradient. Holds state of the vector's size; one thread at a time.
public protocol Optimizer: AnyObject {
    /// The size of a step; may be changed between steps.
    var learningRate: Float { get set }

    /// Moves `parameters` one step. Both buffers have the count the optimiser was made for. Allocates nothing.
    func step(_ parameters: FloatBuffer, gradient: FloatBuffer)
}
