// How far a prediction is from its target.

/// A loss of one term of an objective. All are convex in the prediction.
public enum Loss: Sendable, Equatable {
    /// (prediction − target)².
    case meanSquaredError

    /// ½ d² for a difference d up to the threshold, linear beyond, so that outliers count less (Huber, Robust estimation
    /// of a location parameter, Ann. Math. Statist. 35, 1964).
    case huber(threshold: Float)

    /// The loss whose minimum is the given quantile, 0 to 1, of the target (Koenker and Bassett, Regression quantiles,
    /// Econometrica 46, 1978): quantile · d above the prediction and (1 − quantile) · d below.
    case pinball(quantile: Float)

    /// −Σ target[i] · ln softmax(prediction)[i]. Predictions are scores of any size, targets probabilities.
    case crossEntropy

    /// The loss of one number and its derivative with respect to the prediction. Not for the cross-entropy, which
    /// belongs to a whole row.
    public func evaluate(prediction: Float, target: Float) -> (loss: Float, derivative: Float) {
        let difference = prediction - target
        switch self {
        case .meanSquaredError:
            return (difference * difference, 2 * difference)
        case .huber(let threshold):
            let magnitude = difference.magnitude
            if magnitude > threshold {
                return (threshold * (magnitude - 0.5 * threshold), difference > 0 ? threshold : -threshold)
            }
            return (0.5 * difference * difference, difference)
        case .pinball(let quantile):
            let slope = difference > 0 ? 1 - quantile : -quantile
            return (slope * difference, difference == 0 ? 0 : slope)
        case .crossEntropy:
            preconditionFailure("the cross-entropy belongs to a whole row")
        }
    }

    /// The loss of one row, the sum over its columns. Writes the gradient, times `scale`, to `gradient`.
    func evaluate(prediction: FloatView, target: FloatView, scale: Float, gradient: FloatView) -> Double {
        guard case .crossEntropy = self else {
            var total = 0.0
            for column in 0..<prediction.count {
                let (loss, derivative) = evaluate(prediction: prediction[column], target: target[column])
                total += Double(loss)
                gradient[column] = derivative * scale
            }
            return total
        }
        let logarithm = Softmax.assign(gradient, scores: prediction)
        var mass: Float = 0
        var total = 0.0
        for column in 0..<prediction.count where target[column] != 0 {
            mass += target[column]
            total += Double(target[column]) * Double(logarithm - prediction[column])
        }
        for column in 0..<prediction.count {
            gradient[column] = (gradient[column] * mass - target[column]) * scale
        }
        return total
    }
}
