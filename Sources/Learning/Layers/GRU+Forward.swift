// The gated recurrent unit, from the first position to the last.

extension GRU {
    public func forward(_ pass: LayerPass) {
        let memory = Memory(self, pass)
        memory.zeroState.fill(0)
        let rows = pass.batch * positions
        memory.gates.matrix(rows: rows, columns: 3 * units).assignAffine(
            input: pass.input.matrix(rows: rows, columns: inputs),
            weights: inputWeights(pass.parameters), bias: inputBias(pass.parameters))
        let recurrent = memory.recurrent.matrix(rows: pass.batch, columns: 3 * units)
        for position in 0..<positions {
            let previous = previousStates(memory, position, batch: pass.batch)
            recurrent.assignAffine(
                input: previous, weights: recurrentWeights(pass.parameters), bias: recurrentBias(pass.parameters))
            for sample in 0..<pass.batch {
                advance(
                    memory, row: sample * positions + position, recurrent: recurrent.row(sample),
                    previous: previous.row(sample))
            }
        }
        if !returnsSequence {
            for sample in 0..<pass.batch {
                pass.output.slice(sample * units, units)
                    .copy(from: memory.states.slice((sample * positions + positions - 1) * units, units))
            }
        }
    }

    /// One sample at one position: gates, candidate and new state.
    private func advance(_ memory: Memory, row: Int, recurrent: FloatView, previous: FloatView) {
        let gates = memory.gates.slice(row * 3 * units, 3 * units)
        let reset = gates.slice(0, units)
        let update = gates.slice(units, units)
        let new = gates.slice(2 * units, units)
        let recurrentReset = recurrent.slice(0, units)
        let recurrentUpdate = recurrent.slice(units, units)
        let recurrentNew = recurrent.slice(2 * units, units)
        let candidate = memory.candidates.slice(row * units, units)
        let state = memory.states.slice(row * units, units)
        state.forEachVector { offset, lanes in
            let r = PortableMath.sigmoid(reset.load(offset, lanes) + recurrentReset.load(offset, lanes))
            let z = PortableMath.sigmoid(update.load(offset, lanes) + recurrentUpdate.load(offset, lanes))
            let c = recurrentNew.load(offset, lanes)
            let n = PortableMath.tanh(new.load(offset, lanes) + r * c)
            reset.store(r, offset, lanes)
            update.store(z, offset, lanes)
            new.store(n, offset, lanes)
            candidate.store(c, offset, lanes)
            state.store((1 - z) * n + z * previous.load(offset, lanes), offset, lanes)
        }
    }
}
