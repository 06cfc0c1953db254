// Layers, losses and optimisers against values computed with PyTorch.

import Learning
import Testing

@Suite("Agreement with PyTorch")
struct PyTorchTests {
    static let layers: [(String, Sequential)] = [
        ("dense", Sequential([Dense(inputs: 13, outputs: 6)])),
        ("denseWide", Sequential([Dense(inputs: 37, outputs: 9)])),
        ("convolution", Sequential([Convolution1D(positions: 9, inputs: 5, outputs: 4, kernel: 3)])),
        (
            "convolutionPadded",
            Sequential([
                Convolution1D(
                    positions: 9, inputs: 5, outputs: 4, kernel: 3, stride: 2, paddingBefore: 2, paddingAfter: 1)
            ])
        ),
        (
            "convolutionCausal",
            Sequential([Convolution1D(positions: 9, inputs: 5, outputs: 4, kernel: 3, paddingBefore: 2)])
        ),
        ("gruSequence", Sequential([GRU(positions: 7, inputs: 4, units: 11, returnsSequence: true)])),
        ("gruLast", Sequential([GRU(positions: 7, inputs: 4, units: 5)])),
        ("relu", Sequential([Activation(.rectifier, count: 13)])),
        ("sigmoid", Sequential([Activation(.sigmoid, count: 13)])),
        ("tanh", Sequential([Activation(.tanh, count: 13)])),
        ("softmax", Sequential([Softmax(count: 13)])),
        ("meanPooling", Sequential([Pooling(.mean, positions: 9, channels: 5, window: 2)])),
        ("maximumPooling", Sequential([Pooling(.maximum, positions: 9, channels: 5, window: 4, stride: 2)])),
        ("dueling", Sequential([DuelingHead(inputs: 10, hidden: 6, actions: 5)])),
        (
            "network",
            Sequential([
                Dense(inputs: 12, outputs: 20), Activation(.rectifier, count: 20), Dense(inputs: 20, outputs: 7),
                Activation(.tanh, count: 7), Dense(inputs: 7, outputs: 3),
            ])
        ),
    ]

    @Test("Forward pass and gradients agree with PyTorch within 1e-5", arguments: layers)
    func layer(name: String, network: Sequential) throws {
        let reference = try ReferenceFiles.tensors()
        let input = try reference.values("\(name)/input")
        let batch = input.count / network.inputCount
        let model = Model(network, seed: 1)
        // A network of one layer has its layer's names behind "0."; PyTorch's Sequential numbers its layers as ours.
        func key(_ entry: ParameterLayout.Entry) -> String {
            name == "network" ? entry.specification.name : String(entry.specification.name.dropFirst(2))
        }
        for entry in model.layout.entries {
            model.parameters.copy(try reference.values("\(name)/parameter/\(key(entry))"), at: entry.offset)
        }

        let execution = Execution(network, batchCapacity: batch)
        execution.input.copy(input)
        execution.forward(model, batch: batch)
        let output = try reference.values("\(name)/output")
        #expect(difference(execution.output.values, output) < 1e-5)

        let gradient = FloatBuffer(count: model.layout.count)
        let inputGradient = FloatBuffer(count: input.count)
        execution.backward(
            model, batch: batch, outputGradient: FloatBuffer(try reference.values("\(name)/outputGradient")),
            parameterGradient: gradient, inputGradient: inputGradient)
        #expect(difference(inputGradient.values, try reference.values("\(name)/inputGradient")) < 1e-5)
        for entry in model.layout.entries {
            let expected = try reference.values("\(name)/gradient/\(key(entry))")
            #expect(difference(gradient.values(in: entry.range), expected) < 1e-5, "\(key(entry))")
        }
    }

    @Test(
        "Losses and their gradients agree with PyTorch within 1e-5",
        arguments: [
            ("meanSquaredError", Loss.meanSquaredError), ("huber", .huber(threshold: 0.75)),
            ("pinball", .pinball(quantile: 0.9)), ("crossEntropy", .crossEntropy),
        ])
    func loss(name: String, loss: Loss) throws {
        let reference = try ReferenceFiles.tensors()
        let gradient = FloatBuffer(count: 24)
        let value = Objective(loss).evaluate(
            prediction: FloatBuffer(try reference.values("loss/\(name)/prediction")),
            target: FloatBuffer(try reference.values("loss/\(name)/target")), batch: 4, width: 6, gradient: gradient)
        #expect(difference([Float(value)], try reference.values("loss/\(name)/value")) < 1e-5)
        #expect(difference(gradient.values, try reference.values("loss/\(name)/gradient")) < 1e-5)
    }

    @Test("Optimisers agree with PyTorch after five steps", arguments: ["momentum", "adam", "adamW"])
    func optimizer(name: String) throws {
        let reference = try ReferenceFiles.tensors()
        let parameters = FloatBuffer(try reference.values("optimizer/\(name)/start"))
        let gradients = try reference.values("optimizer/\(name)/gradients")
        let optimizer: any Optimizer =
            switch name {
            case "momentum": StochasticGradientDescent(count: 21, learningRate: 0.05, momentum: 0.9)
            case "adam": Adam(count: 21, learningRate: 0.01)
            default: Adam(count: 21, learningRate: 0.01, weightDecay: 0.1)
            }
        for step in 0..<5 {
            optimizer.step(parameters, gradient: FloatBuffer(Array(gradients[step * 21..<(step + 1) * 21])))
        }
        #expect(difference(parameters.values, try reference.values("optimizer/\(name)/end")) < 1e-6)
    }

    @Test("Clipping by norm agrees with PyTorch")
    func clipping() throws {
        let reference = try ReferenceFiles.tensors()
        let gradient = FloatBuffer(try reference.values("clipping/gradient"))
        let norm = GradientClipping.norm(3).apply(to: gradient)
        #expect(difference([Float(norm)], try reference.values("clipping/norm")) < 1e-6)
        #expect(difference(gradient.values, try reference.values("clipping/clipped")) < 1e-6)
    }
}
