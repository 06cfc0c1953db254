// What training makes small.

/// The weighted sum of losses over columns of the output, for instance a squared error for a mean and a pinball loss for
/// a quantile beside it.
public struct Objective: Sendable, Equatable {
    /// One loss over some columns.
    public struct Term: Sendable, Equatable {
        public let loss: Loss
        /// Columns of output and target; nil for all of them.
        public let columns: Range<Int>?
        public let weight: Float

        public init(_ loss: Loss, columns: Range<Int>? = nil, weight: Float = 1) {
            self.loss = loss
            self.columns = columns
            self.weight = weight
        }
    }

    public let terms: [Term]

    /// A sum of terms that share no column; a column in no term is free.
    public init(_ terms: [Term]) {
        precondition(!terms.isEmpty, "an objective needs a term")
        for (index, term) in terms.enumerated() {
            for other in terms[..<index] {
                guard let columns = term.columns, let others = other.columns else {
                    preconditionFailure("a term of all columns is the only one")
                }
                precondition(!columns.overlaps(others), "two terms share a column")
            }
        }
        self.terms = terms
    }

    /// One loss over all columns.
    public init(_ loss: Loss) {
        self.init([Term(loss)])
    }

    /// The objective's value for a batch, and its gradient.
    ///
    /// Each term is a mean over the batch, and but for the cross-entropy over its columns too.
    /// - Parameters:
    ///   - prediction: batch × `width` floats, such as `Execution.output`.
    ///   - target: laid out like the prediction.
    ///   - sampleWeights: a factor for each sample, such as the correction of prioritised replay; nil for 1.
    ///   - gradient: receives the gradient, laid out like the prediction.
    public func evaluate(
        prediction: FloatBuffer, target: FloatBuffer, batch: Int, width: Int, sampleWeights: FloatBuffer? = nil,
        gradient: FloatBuffer
    ) -> Double {
        precondition(batch > 0 && (sampleWeights?.count ?? batch) >= batch, "the shapes do not fit")
        return prediction.withView { prediction in
            target.withView { target in
                gradient.withView { gradient in
                    gradient.slice(0, batch * width).fill(0)
                    var total = 0.0
                    for term in terms {
                        let columns = term.columns ?? 0..<width
                        precondition(columns.upperBound <= width, "a term's columns are beyond the output")
                        let share = term.weight / Float(batch * (term.loss == .crossEntropy ? 1 : columns.count))
                        for sample in 0..<batch {
                            let offset = sample * width + columns.lowerBound
                            let scale = share * (sampleWeights?[sample] ?? 1)
                            let loss = term.loss.evaluate(
                                prediction: prediction.slice(offset, columns.count),
                                target: target.slice(offset, columns.count),
                                scale: scale, gradient: gradient.slice(offset, columns.count))
                            total += loss * Double(scale)
                        }
                    }
                    return total
                }
            }
        }
    }
}
