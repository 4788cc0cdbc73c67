#!/usr/bin/python3
"""Golden data for training steps of multilayer perceptrons: the parameters after five steps of PyTorch, from given ones on given batches.

Uses only public APIs of numpy and torch, in float64.  Fixed seeds.  Numbers are encoded as make_golden.py says; inputs are exact in float32.
Weights are [outputs, inputs], row-major.  Weight decay is for the weights of linear layers alone.
Run: /usr/bin/python3 make_network_golden.py [outdir]
"""
import json, os, platform, sys
import numpy as np
import torch

OUT = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
torch.set_num_threads(1)
META = {"python": platform.python_version(), "numpy": np.__version__, "torch": torch.__version__, "generator": "make_network_golden.py"}
FEATURES, HIDDEN, ROWS, STEPS = 5, [6, 4], 8, 5
ACTIVATIONS = {"ReLU": torch.nn.ReLU, "LeakyReLU": torch.nn.LeakyReLU, "Tanh": torch.nn.Tanh, "Sigmoid": torch.nn.Sigmoid}
SGD = {"name": "Sgd", "momentum": 0, "nesterov": False}


def grid(rng, shape, scale=1.0, offset=0.0):
    """random values on the grid 1/64: exact in float32, short decimals"""
    return np.round((rng.standard_normal(shape) * scale + offset) * 64) / 64


def case(name, task="multiclass", activation="ReLU", normalization="None", placement="BeforeActivation", optimizer=SGD,
         learning_rate=0.1, weight_decay=0.0, clipping=None, seed=1):
    rng = np.random.default_rng(seed)
    outputs = 3 if task == "multiclass" else 1
    layers, widths = [], [FEATURES] + HIDDEN + [outputs]
    initial = {"weights": [], "biases": [], "gammas": [], "betas": []}
    linears, norms = [], []
    for i in range(len(widths) - 1):
        linear = torch.nn.Linear(widths[i], widths[i + 1]).double()
        w, b = grid(rng, (widths[i + 1], widths[i]), 0.5), grid(rng, widths[i + 1], 0.25)
        with torch.no_grad():
            linear.weight.copy_(torch.tensor(w)); linear.bias.copy_(torch.tensor(b))
        initial["weights"].append(w.tolist()); initial["biases"].append(b.tolist())
        linears.append(linear)
        layers.append(linear)
        if i == len(widths) - 2:
            break
        parts = [ACTIVATIONS[activation]()]
        if normalization != "None":
            norm = (torch.nn.BatchNorm1d if normalization == "Batch" else torch.nn.LayerNorm)(widths[i + 1]).double()
            g, t = grid(rng, widths[i + 1], 0.25, 1.0), grid(rng, widths[i + 1], 0.25)
            with torch.no_grad():
                norm.weight.copy_(torch.tensor(g)); norm.bias.copy_(torch.tensor(t))
            initial["gammas"].append(g.tolist()); initial["betas"].append(t.tolist())
            norms.append(norm)
            parts.insert(0 if placement == "BeforeActivation" else 1, norm)
        layers += parts
    net = torch.nn.Sequential(*layers)
    groups = [{"params": [l.weight for l in linears], "weight_decay": weight_decay},
              {"params": [l.bias for l in linears] + [p for n in norms for p in n.parameters()], "weight_decay": 0.0}]
    if optimizer["name"] == "Sgd":
        opt = torch.optim.SGD(groups, lr=learning_rate, momentum=optimizer["momentum"], nesterov=optimizer["nesterov"])
    else:
        opt = getattr(torch.optim, optimizer["name"])(groups, lr=learning_rate, betas=(optimizer["beta1"], optimizer["beta2"]), eps=optimizer["epsilon"])
    xs, ys, losses = [], [], []
    for _ in range(STEPS):
        x = grid(rng, (ROWS, FEATURES))
        y = rng.integers(0, 3, ROWS) if task == "multiclass" else rng.integers(0, 2, ROWS) if task == "binary" else grid(rng, ROWS)
        xs.append(x.tolist()); ys.append([float(v) for v in y])
        z = net(torch.tensor(x))
        if task == "multiclass":
            loss = torch.nn.functional.cross_entropy(z, torch.tensor(y))
        elif task == "binary":
            loss = torch.nn.functional.binary_cross_entropy_with_logits(z[:, 0], torch.tensor(y, dtype=torch.float64))
        else:
            loss = torch.nn.functional.mse_loss(z[:, 0], torch.tensor(y)) / 2
        opt.zero_grad(); loss.backward()
        if clipping is not None:
            torch.nn.utils.clip_grad_norm_(net.parameters(), clipping)
        opt.step()
        losses.append(float(loss))
    expected = {"weights": [l.weight.tolist() for l in linears], "biases": [l.bias.tolist() for l in linears],
                "gammas": [n.weight.tolist() for n in norms], "betas": [n.bias.tolist() for n in norms], "losses": losses}
    return {"name": name, "task": task, "activation": activation, "normalization": normalization, "placement": placement,
            "optimizer": optimizer, "learning_rate": learning_rate, "weight_decay": weight_decay, "clipping": clipping,
            "outputs": outputs, "initial": initial, "features": xs, "targets": ys, "expected": expected}


def rounded(x):
    if isinstance(x, dict): return {k: rounded(v) for k, v in x.items()}
    if isinstance(x, (list, tuple)): return [rounded(v) for v in x]
    return float("%.12g" % x) if isinstance(x, float) else x


ADAM = {"name": "Adam", "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
CASES = [case(f"{a}, {n}, {p}", activation=a, normalization=n, placement=p, seed=i)
         for i, (a, n, p) in enumerate([(a, n, p) for a in ACTIVATIONS for n in ("None", "Batch", "Layer")
                                        for p in (("BeforeActivation",) if n == "None" else ("BeforeActivation", "AfterActivation"))])]
CASES += [
    case("binary, batch", task="binary", normalization="Batch", activation="Tanh", seed=31),
    case("regression, batch", task="regression", normalization="Batch", activation="Sigmoid", learning_rate=0.05, seed=32),
    case("regression, none", task="regression", learning_rate=0.05, seed=33),
    case("momentum", normalization="Batch", optimizer={**SGD, "momentum": 0.9}, seed=34),
    case("nesterov", normalization="Batch", optimizer={**SGD, "momentum": 0.9, "nesterov": True}, seed=35),
    case("weight decay", normalization="Batch", weight_decay=0.1, optimizer={**SGD, "momentum": 0.5}, seed=36),
    case("clipped", normalization="Batch", clipping=0.25, seed=37),
    case("clipped, none", clipping=0.5, learning_rate=0.5, seed=38),
    case("adam", optimizer=ADAM, activation="Tanh", learning_rate=0.01, seed=39),
    case("adam, batch behind", optimizer=ADAM, activation="Tanh", normalization="Batch", placement="AfterActivation", learning_rate=0.01, seed=40),
    case("adam, weight decay", optimizer=ADAM, activation="Sigmoid", weight_decay=0.1, learning_rate=0.01, seed=41),
    case("adamw", optimizer={**ADAM, "name": "AdamW", "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-6}, activation="Tanh", weight_decay=0.1, learning_rate=0.01, seed=42),
    case("adam, clipped", optimizer=ADAM, activation="Tanh", clipping=0.1, learning_rate=0.01, seed=43),
]
path = os.path.join(OUT, "network_steps.json")
with open(path, "w") as f:
    f.write('{\n"description": %s,\n"meta": %s,\n"cases": [\n' % (json.dumps("Parameters of multilayer perceptrons after five training steps"), json.dumps(META)))
    f.write(",\n".join(json.dumps(rounded(c), separators=(",", ":"), allow_nan=False) for c in CASES))
    f.write("\n]}\n")
print(path, os.path.getsize(path), "bytes", len(CASES), "cases")
