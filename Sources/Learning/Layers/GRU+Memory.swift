// Where a gated recurrent unit keeps its intermediate results.

extension GRU {
    /// The parts of the workspace for one batch, all batch-major.
    struct Memory {
        /// r, z and n at every position: batch × positions × 3·units.
        let gates: FloatView
        /// W_hn h + b_hn at every position: batch × positions × units.
        let candidates: FloatView
        /// h after every position: batch × positions × units.
        let states: FloatView
        /// The recurrent product of one position: batch × 3·units.
        let recurrent: FloatView
        /// The loss's gradient with respect to h at one position: batch × units.
        let stateGradient: FloatView
        /// The state before the first position, shared by the batch: units.
        let zeroState: FloatView

        init(_ layer: GRU, _ pass: LayerPass) {
            let perPosition = pass.batch * layer.positions * layer.units
            let perBatch = pass.batch * layer.units
            gates = pass.workspace.slice(0, 3 * perPosition)
            candidates = pass.workspace.slice(3 * perPosition, perPosition)
            var offset = 4 * perPosition
            if layer.returnsSequence {
                states = pass.output
            } else {
                states = pass.workspace.slice(offset, perPosition)
                offset += perPosition
            }
            recurrent = pass.workspace.slice(offset, 3 * perBatch)
            stateGradient = pass.workspace.slice(offset + 3 * perBatch, perBatch)
            zeroState = pass.workspace.slice(offset + 4 * perBatch, layer.units)
        }
    }

    /// The states of the whole batch before `position`: batch × units.
    func previousStates(_ memory: Memory, _ position: Int, batch: Int) -> FloatMatrix {
        if position == 0 { return memory.zeroState.matrix(rows: batch, columns: units, stride: 0) }
        let offset = (position - 1) * units
        return memory.states.slice(offset, memory.states.count - offset)
            .matrix(rows: batch, columns: units, stride: positions * units)
    }
}
