#!/usr/bin/env python3
"""Makes the reference values of the learning kit's tests.

    pip install torch numpy safetensors mpmath scikit-learn
    python3 make_reference.py

writes beside this file
  * pytorch.safetensors: inputs, parameters, outputs and gradients of every layer, loss and optimiser, computed with
    PyTorch in double precision and rounded once; written by Python's safetensors package, so that reading it tests the
    reader too,
  * mathematics.txt: arguments and values of the elementary functions, 60 digits rounded to a pair of doubles,
  * metrics.txt: scores, labels and the figures scikit-learn gives for them.
and checks written.safetensors, the bytes of SafetensorsTests.file, with Python's package.
Made with torch 2.13.0, numpy 2, safetensors 0.x, mpmath 1.x; the tests read the files and do not run Python.
"""

import pathlib
import random
import struct

import mpmath
import numpy as np
import torch
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

HERE = pathlib.Path(__file__).parent
tensors = {}
generator = torch.Generator().manual_seed(20)


def draw(*shape, scale=1.0):
    # Single-precision numbers, so that both sides start from the same bits.
    values = torch.randn(*shape, generator=generator, dtype=torch.float32) * scale
    return values.double().requires_grad_(True)


def keep(name, tensor):
    tensors[name] = np.array(tensor.detach().numpy(), dtype=np.float32, order="C")


def case(name, inputs, parameters, output):
    """Keeps a forward pass and the gradients of Σ weight · output."""
    weight = draw(*output.shape)
    (output * weight.detach()).sum().backward()
    keep(f"{name}/input", inputs)
    keep(f"{name}/output", output)
    keep(f"{name}/outputGradient", weight)
    keep(f"{name}/inputGradient", inputs.grad)
    for key, value in parameters.items():
        keep(f"{name}/parameter/{key}", value)
        keep(f"{name}/gradient/{key}", value.grad)


def module_case(name, module, inputs):
    module = module.double()
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator).float().double() * 0.5)
    output = module(inputs)
    if isinstance(output, tuple):
        output = output[0]
    return output, dict(module.named_parameters())


# Dense: a width that is no multiple of eight, and one of many blocks.
for name, batch, n, m in [("dense", 3, 13, 6), ("denseWide", 2, 37, 9)]:
    x = draw(batch, n)
    y, parameters = module_case(name, torch.nn.Linear(n, m), x)
    case(name, x, parameters, y)

# Convolution: our sequences are positions × channels, PyTorch's channels × positions; so are the kernels.
for name, before, after, stride in [("convolution", 0, 0, 1), ("convolutionPadded", 2, 1, 2), ("convolutionCausal", 2, 0, 1)]:
    x = draw(2, 9, 5)
    w = draw(4, 3, 5, scale=0.5)
    b = draw(4, scale=0.5)
    padded = torch.nn.functional.pad(x.transpose(1, 2), (before, after))
    y = torch.nn.functional.conv1d(padded, w.transpose(1, 2), b, stride=stride).transpose(1, 2)
    case(name, x, {"weight": w, "bias": b}, y)

# Gated recurrent unit: all states, and the last one.
for name, units, last in [("gruSequence", 11, False), ("gruLast", 5, True)]:
    x = draw(3, 7, 4)
    y, parameters = module_case(name, torch.nn.GRU(4, units, batch_first=True), x)
    case(name, x, parameters, y[:, -1] if last else y)

for name, function in [("relu", torch.relu), ("sigmoid", torch.sigmoid), ("tanh", torch.tanh),
                       ("softmax", lambda x: torch.softmax(x, dim=1))]:
    x = draw(3, 13, scale=3)
    case(name, x, {}, function(x))

x = draw(2, 9, 5)
case("meanPooling", x, {}, torch.nn.functional.avg_pool1d(x.transpose(1, 2), 2, 2).transpose(1, 2))
x = draw(2, 9, 5)
case("maximumPooling", x, {}, torch.nn.functional.max_pool1d(x.transpose(1, 2), 4, 2).transpose(1, 2))

# Dueling network: one hidden layer per stream.
class Dueling(torch.nn.Module):
    def __init__(self, n, hidden, actions):
        super().__init__()
        def stream(outputs):
            return torch.nn.Sequential(torch.nn.Linear(n, hidden), torch.nn.ReLU(), torch.nn.Linear(hidden, outputs))
        self.value = stream(1)
        self.advantage = stream(actions)

    def forward(self, x):
        a = self.advantage(x)
        return self.value(x) + a - a.mean(dim=1, keepdim=True)

x = draw(3, 10)
y, parameters = module_case("dueling", Dueling(10, 6, 5), x)
case("dueling", x, parameters, y)

# A whole network: two dense layers, ReLU and tanh.
x = draw(5, 12)
y, parameters = module_case("network", torch.nn.Sequential(
    torch.nn.Linear(12, 20), torch.nn.ReLU(), torch.nn.Linear(20, 7), torch.nn.Tanh(), torch.nn.Linear(7, 3)), x)
case("network", x, parameters, y)

# Losses.
prediction, target = draw(4, 6, scale=2), draw(4, 6, scale=2).detach()
probabilities = torch.softmax(draw(4, 6), dim=1).float().double().detach()
losses = {
    "meanSquaredError": (target, lambda: torch.nn.functional.mse_loss(prediction, target)),
    "huber": (target, lambda: torch.nn.functional.huber_loss(prediction, target, delta=0.75)),
    "pinball": (target, lambda: torch.maximum(0.9 * (target - prediction), -0.1 * (target - prediction)).mean()),
    "crossEntropy": (probabilities, lambda: torch.nn.functional.cross_entropy(prediction, probabilities)),
}
for name, (goal, function) in losses.items():
    prediction.grad = None
    loss = function()
    loss.backward()
    keep(f"loss/{name}/prediction", prediction)
    keep(f"loss/{name}/target", goal)
    keep(f"loss/{name}/value", loss)
    keep(f"loss/{name}/gradient", prediction.grad)

# Optimisers: five steps with given gradients.
for name, make in [("momentum", lambda p: torch.optim.SGD([p], lr=0.05, momentum=0.9)),
                   ("adam", lambda p: torch.optim.Adam([p], lr=0.01)),
                   ("adamW", lambda p: torch.optim.AdamW([p], lr=0.01, weight_decay=0.1))]:
    parameter = torch.nn.Parameter(draw(21).detach())
    keep(f"optimizer/{name}/start", parameter)
    gradients = draw(5, 21).detach()
    keep(f"optimizer/{name}/gradients", gradients)
    optimizer = make(parameter)
    for gradient in gradients:
        parameter.grad = gradient.clone()
        optimizer.step()
    keep(f"optimizer/{name}/end", parameter)

# Clipping by norm.
gradient = torch.nn.Parameter(torch.zeros(700, dtype=torch.float64))
gradient.grad = draw(700).detach()
keep("clipping/gradient", gradient.grad)
norm = torch.nn.utils.clip_grad_norm_([gradient], 3.0)
keep("clipping/norm", norm)
keep("clipping/clipped", gradient.grad)

save_file(tensors, HERE / "pytorch.safetensors", metadata={"source": f"torch {torch.__version__}", "note": "naïve \"ö\" \\ 雪"})

# Elementary functions: name, argument, nearest double, what is left of the true value.
mpmath.mp.dps = 60
numbers = random.Random(3)


def bits(value):
    return struct.pack(">d", value).hex()


def spread(low, high, count):
    """Numbers of both signs, evenly over the logarithm of their size."""
    for _ in range(count):
        yield numbers.choice([-1, 1]) * 2 ** numbers.uniform(low, high)


functions = {
    "exp": (mpmath.exp, [numbers.uniform(-745, 709.7) for _ in range(400)] + list(spread(-40, 4, 200)) + [-745.1, 709.78]),
    "expMinusOne": (mpmath.expm1, [numbers.uniform(-40, 60) for _ in range(200)] + list(spread(-60, 6, 400))),
    "log": (mpmath.log, [2 ** numbers.uniform(-1074, 1023.9) for _ in range(300)] + [numbers.uniform(0.5, 2) for _ in range(300)]
            + [1 + x for x in spread(-50, -3, 100)]),
    "logOnePlus": (mpmath.log1p, [x for x in spread(-60, 0, 500) if x > -1] + [2 ** numbers.uniform(0, 900) for _ in range(100)]),
    "tanh": (mpmath.tanh, list(spread(-60, 5, 500)) + [numbers.uniform(-3, 3) for _ in range(200)]),
    "sigmoid": (lambda x: 1 / (1 + mpmath.exp(-x)), [numbers.uniform(-740, 40) for _ in range(200)] + list(spread(-40, 5, 400))),
}
with open(HERE / "mathematics.txt", "w") as out:
    for name, (function, arguments) in functions.items():
        for x in arguments:
            with mpmath.workdps(400 if name in ("expMinusOne", "logOnePlus", "tanh") else 60):
                true = function(mpmath.mpf(x))
                near = float(true)
                left = float(true - mpmath.mpf(near))
            out.write(f"{name} {bits(x)} {bits(near)} {bits(left)}\n")

# Ranking and classification figures.
from sklearn import metrics

scores = [round(numbers.gauss(1 if i % 3 == 0 else 0, 1), 1) for i in range(120)]
labels = [i % 3 == 0 for i in range(120)]
truth = [i % 4 for i in range(80)]
predicted = [c if numbers.random() < 0.6 else numbers.randrange(4) for c in truth]
fpr, tpr, _ = metrics.roc_curve(labels, scores, drop_intermediate=False)
with open(HERE / "metrics.txt", "w") as out:
    out.write("scores " + " ".join(map(str, scores)) + "\n")
    out.write("labels " + " ".join(str(int(x)) for x in labels) + "\n")
    out.write(f"areaUnderCurve {metrics.roc_auc_score(labels, scores)!r}\n")
    out.write(f"averagePrecision {metrics.average_precision_score(labels, scores)!r}\n")
    out.write(f"recall10 {max(float(t) for f, t in zip(fpr, tpr) if f <= 0.1)!r}\n")
    out.write("truth " + " ".join(map(str, truth)) + "\n")
    out.write("predicted " + " ".join(map(str, predicted)) + "\n")
    out.write(f"accuracy {metrics.accuracy_score(truth, predicted)!r}\n")
    for figure in ["precision", "recall", "f1"]:
        values = getattr(metrics, f"{figure}_score")(truth, predicted, average=None)
        out.write(f"{figure} " + " ".join(repr(float(v)) for v in values) + "\n")
    out.write(f"macroF1 {float(metrics.f1_score(truth, predicted, average='macro'))!r}\n")

# What the Swift writer wrote, as Python reads it.
written = load_file(HERE / "written.safetensors")
odd = 'odd "name" \\ \x01é雪😀'
assert set(written) == {"0.weight", odd, "empty"}, written.keys()
assert all(tensor.dtype == np.float32 for tensor in written.values())
assert written["0.weight"].tolist() == [[1, -2.5, 0], [float("inf"), 2.0**-149, 3]]
assert written[odd].shape == () and written[odd] == 7
assert written["empty"].shape == (4, 0)
with safe_open(HERE / "written.safetensors", "np") as file:
    assert file.metadata() == {"a": "first\nline", "b": "second"}
print("all written; the Swift writer's file is as it should be")
