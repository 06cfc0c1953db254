// The gated recurrent unit, from the last position to the first (backpropagation through time, Werbos, Proc. IEEE 78,
// 1990).

extension GRU {
    public func backward(
        _ pass: LayerPass, outputGradient: FloatView, inputGradient: FloatView?, parameterGradient: FloatView
    ) {
        let memory = Memory(self, pass)
        memory.stateGradient.fill(0)
        let recurrentGradient = memory.recurrent.matrix(rows: pass.batch, columns: 3 * units)
        let stateGradient = memory.stateGradient.matrix(rows: pass.batch, columns: units)
        var position = positions - 1
        while position >= 0 {
            let previous = previousStates(memory, position, batch: pass.batch)
            for sample in 0..<pass.batch {
                let row = sample * positions + position
                if returnsSequence {
                    stateGradient.row(sample).updateVectors(with: outputGradient.slice(row * units, units)) { $0 + $1 }
                } else if position == positions - 1 {
                    stateGradient.row(sample).copy(from: outputGradient.slice(sample * units, units))
                }
                retreat(
                    memory, row: row, recurrentGradient: recurrentGradient.row(sample), previous: previous.row(sample),
                    stateGradient: stateGradient.row(sample))
            }
            recurrentGradient.addRowSums(to: recurrentBias(parameterGradient))
            // Before the first position the state is zero and nobody's to change.
            if position > 0 {
                recurrentWeights(parameterGradient).addWeightGradient(
                    outputGradient: recurrentGradient, input: previous)
                stateGradient.addInputGradient(
                    outputGradient: recurrentGradient, weights: recurrentWeights(pass.parameters))
            }
            position -= 1
        }

        let rows = pass.batch * positions
        let gateGradient = memory.gates.matrix(rows: rows, columns: 3 * units)
        inputWeights(parameterGradient).addWeightGradient(
            outputGradient: gateGradient, input: pass.input.matrix(rows: rows, columns: inputs))
        gateGradient.addRowSums(to: inputBias(parameterGradient))
        if let inputGradient {
            inputGradient.fill(0)
            inputGradient.matrix(rows: rows, columns: inputs).addInputGradient(
                outputGradient: gateGradient, weights: inputWeights(pass.parameters))
        }
    }

    /// One sample at one position: replaces the gates by the gradients of what their functions were given, writes those
    /// of the recurrent product, and takes the direct way of the state's gradient to the position before.
    private func retreat(
        _ memory: Memory, row: Int, recurrentGradient: FloatView, previous: FloatView, stateGradient: FloatView
    ) {
        let gates = memory.gates.slice(row * 3 * units, 3 * units)
        let reset = gates.slice(0, units)
        let update = gates.slice(units, units)
        let new = gates.slice(2 * units, units)
        let recurrentReset = recurrentGradient.slice(0, units)
        let recurrentUpdate = recurrentGradient.slice(units, units)
        let recurrentNew = recurrentGradient.slice(2 * units, units)
        let candidate = memory.candidates.slice(row * units, units)
        stateGradient.forEachVector { offset, lanes in
            let gradient = stateGradient.load(offset, lanes)
            let r = reset.load(offset, lanes)
            let z = update.load(offset, lanes)
            let n = new.load(offset, lanes)
            let newGradient = gradient * (1 - z) * (1 - n * n)
            let updateGradient = gradient * (previous.load(offset, lanes) - n) * (z * (1 - z))
            let resetGradient = newGradient * candidate.load(offset, lanes) * (r * (1 - r))
            reset.store(resetGradient, offset, lanes)
            update.store(updateGradient, offset, lanes)
            new.store(newGradient, offset, lanes)
            recurrentReset.store(resetGradient, offset, lanes)
            recurrentUpdate.store(updateGradient, offset, lanes)
            recurrentNew.store(newGradient * r, offset, lanes)
            stateGradient.store(gradient * z, offset, lanes)
        }
    }
}
