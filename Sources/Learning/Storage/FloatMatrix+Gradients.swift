// The two products of the backward pass, and the sum of columns that a bias needs.

extension FloatMatrix {
    /// Adds `outputGradient · weights`: `self[r, i] += Σ_o outputGradient[r, o] · weights[o, i]`.
    ///
    /// Shapes: `self` rows × inputs, `outputGradient` rows × outputs, `weights` outputs × inputs. Rows of `self` may
    /// overlap; they are finished one after the other. Outputs are summed four at a time in rising order.
    public func addInputGradient(outputGradient: FloatMatrix, weights: FloatMatrix) {
        precondition(rows == outputGradient.rows && columns == weights.columns, "the shapes do not fit")
        precondition(outputGradient.columns == weights.rows, "the shapes do not fit")
        var row = 0
        while row < rows {
            FloatMatrix.addCombination(
                to: base + row &* stride, count: columns,
                factors: outputGradient.base + row &* outputGradient.stride, factorStride: 1,
                vectors: weights.base, vectorStride: weights.stride, vectorCount: weights.rows)
            row &+= 1
        }
    }

    /// Adds `outputGradientᵀ · input`: `self[o, i] += Σ_r outputGradient[r, o] · input[r, i]`.
    ///
    /// Shapes: `self` outputs × inputs, `outputGradient` rows × outputs, `input` rows × inputs. Rows are summed four at
    /// a time in rising order.
    public func addWeightGradient(outputGradient: FloatMatrix, input: FloatMatrix) {
        precondition(rows == outputGradient.columns && columns == input.columns, "the shapes do not fit")
        precondition(outputGradient.rows == input.rows, "the shapes do not fit")
        var output = 0
        while output < rows {
            FloatMatrix.addCombination(
                to: base + output &* stride, count: columns,
                factors: outputGradient.base + output, factorStride: outputGradient.stride,
                vectors: input.base, vectorStride: input.stride, vectorCount: input.rows)
            output &+= 1
        }
    }

    /// Adds the sum of all rows to `sums`, which has one float per column.
    public func addRowSums(to sums: FloatView) {
        precondition(sums.count == columns, "the shapes do not fit")
        var row = 0
        while row < rows {
            sums.updateVectors(with: FloatView(base: base + row &* stride, count: columns)) { $0 + $1 }
            row &+= 1
        }
    }

    /// Adds Σ_v factor[v] · vector[v] to `count` floats at `target`.
    private static func addCombination(
        to target: UnsafeMutablePointer<Float>, count: Int,
        factors: UnsafeMutablePointer<Float>, factorStride: Int,
        vectors: UnsafeMutablePointer<Float>, vectorStride: Int, vectorCount: Int
    ) {
        var next = 0
        while next &+ 4 <= vectorCount {
            let factor0 = factors[next &* factorStride]
            let factor1 = factors[(next &+ 1) &* factorStride]
            let factor2 = factors[(next &+ 2) &* factorStride]
            let factor3 = factors[(next &+ 3) &* factorStride]
            let vector0 = UnsafePointer(vectors + next &* vectorStride)
            let vector1 = vector0 + vectorStride
            let vector2 = vector1 + vectorStride
            let vector3 = vector2 + vectorStride
            var index = 0
            while index &+ 8 <= count {
                let low = (vector0 + index).vector * factor0 + (vector1 + index).vector * factor1
                let high = (vector2 + index).vector * factor2 + (vector3 + index).vector * factor3
                (target + index).vector += low + high
                index &+= 8
            }
            while index < count {
                let low = vector0[index] * factor0 + vector1[index] * factor1
                let high = vector2[index] * factor2 + vector3[index] * factor3
                target[index] += low + high
                index &+= 1
            }
            next &+= 4
        }
        while next < vectorCount {
            let factor = factors[next &* factorStride]
            let vector = UnsafePointer(vectors + next &* vectorStride)
            var index = 0
            while index &+ 8 <= count {
                (target + index).vector += (vector + index).vector * factor
                index &+= 8
            }
            while index < count {
                target[index] += vector[index] * factor
                index &+= 1
            }
            next &+= 1
        }
    }
}
