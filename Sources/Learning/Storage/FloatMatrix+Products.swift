// The forward product: rows of input against rows of weights.

extension FloatMatrix {
    /// Writes `self[r, o] = bias[o] + Σ_i input[r, i] · weights[o, i]`.
    ///
    /// Shapes: `self` rows × outputs, `input` rows × inputs, `weights` outputs × inputs, `bias` outputs (nil is zero).
    /// Four rows of weights are read together for each row of input; eight partial sums per output are added in the
    /// order of `horizontalSum`, then the inputs past the last multiple of eight one by one, then the bias.
    public func assignAffine(input: FloatMatrix, weights: FloatMatrix, bias: FloatView?) {
        precondition(rows == input.rows && columns == weights.rows, "the shapes do not fit")
        precondition(
            input.columns == weights.columns && bias.map { $0.count == columns } ?? true, "the shapes do not fit")
        let fours = columns & ~3
        var output = 0
        while output < fours {
            assignFour(output, input: input, weights: weights, bias: bias)
            output &+= 4
        }
        while output < columns {
            assignOne(output, input: input, weights: weights, bias: bias)
            output &+= 1
        }
    }

    private func assignFour(_ output: Int, input: FloatMatrix, weights: FloatMatrix, bias: FloatView?) {
        let inputs = input.columns
        let first = UnsafePointer(weights.base + output &* weights.stride)
        let second = first + weights.stride
        let third = second + weights.stride
        let fourth = third + weights.stride
        let biases = bias.map { UnsafePointer($0.base + output) }
        var row = 0
        while row < rows {
            let source = UnsafePointer(input.base + row &* input.stride)
            var sum0 = FloatVector.zero
            var sum1 = FloatVector.zero
            var sum2 = FloatVector.zero
            var sum3 = FloatVector.zero
            var index = 0
            while index &+ 8 <= inputs {
                let vector = (source + index).vector
                sum0 += vector * (first + index).vector
                sum1 += vector * (second + index).vector
                sum2 += vector * (third + index).vector
                sum3 += vector * (fourth + index).vector
                index &+= 8
            }
            var total0 = sum0.horizontalSum
            var total1 = sum1.horizontalSum
            var total2 = sum2.horizontalSum
            var total3 = sum3.horizontalSum
            while index < inputs {
                let value = source[index]
                total0 += value * first[index]
                total1 += value * second[index]
                total2 += value * third[index]
                total3 += value * fourth[index]
                index &+= 1
            }
            let target = base + (row &* stride &+ output)
            target[0] = total0 + (biases?[0] ?? 0)
            target[1] = total1 + (biases?[1] ?? 0)
            target[2] = total2 + (biases?[2] ?? 0)
            target[3] = total3 + (biases?[3] ?? 0)
            row &+= 1
        }
    }

    private func assignOne(_ output: Int, input: FloatMatrix, weights: FloatMatrix, bias: FloatView?) {
        let inputs = input.columns
        let weightRow = UnsafePointer(weights.base + output &* weights.stride)
        let offset = bias?.base[output] ?? 0
        var row = 0
        while row < rows {
            let source = UnsafePointer(input.base + row &* input.stride)
            var sum = FloatVector.zero
            var index = 0
            while index &+ 8 <= inputs {
                sum += (source + index).vector * (weightRow + index).vector
                index &+= 8
            }
            var total = sum.horizontalSum
            while index < inputs {
                total += source[index] * weightRow[index]
                index &+= 1
            }
            base[row &* stride &+ output] = total + offset
            row &+= 1
        }
    }
}
