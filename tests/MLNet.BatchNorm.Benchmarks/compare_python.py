"""Times PyTorch, scikit-learn, NumPy and a loop in C as Report/ComparisonNumbers.cs times this library; compare_python.sh runs both."""
import ctypes
import math
import os
import subprocess
import sys
import time
import warnings

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np


def write_data(path):
    """100,000 single-precision numbers around a million with deviation 1."""
    np.random.default_rng(1).normal(1e6, 1, 100_000).astype(np.float32).tofile(path)


def best(action, count=1, rounds=7):
    """Seconds per call, the best of several rounds after one to warm up."""
    times = []
    for _ in range(rounds + 1):
        start = time.perf_counter()
        for _ in range(count):
            action()
        times.append((time.perf_counter() - start) / count)
    return min(times[1:])


def matrix(rows, width):
    return np.random.default_rng(1).normal(3, 2, (rows, width)).astype(np.float32)


def moments_in_c(library):
    """The loop of moments.c as a function of a matrix; None where there was no compiler or no such processor."""
    if not os.path.exists(library):
        return None
    function = ctypes.CDLL(library).moments
    function.argtypes = [ctypes.c_void_p, ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    function.restype = None

    def moments(x):
        mean, variance = np.empty(x.shape[1]), np.empty(x.shape[1])
        function(x.ctypes.data, *x.shape, mean.ctypes.data, variance.ctypes.data)
        return mean, variance

    sample = matrix(1000, 32)
    np.testing.assert_allclose(moments(sample)[1], sample.astype(np.float64).var(axis=0), rtol=1e-12)
    return moments


def matrices(row, library):
    import torch
    from sklearn.preprocessing import StandardScaler

    in_c = moments_in_c(library)
    for width in (8, 32, 256):
        rows = 32_000_000 // width
        x = matrix(rows, width)
        shape = f"{rows}x{width}"
        nanoseconds = 1e9 / x.size
        if in_c is not None:
            row(f"moments {shape}", "C, AVX2 (moments.c, gcc -O3)", best(lambda: in_c(x)) * nanoseconds)
        row(f"moments {shape}", "NumPy mean and var", best(lambda: (x.mean(axis=0), x.var(axis=0)), rounds=2) * nanoseconds)
        row(f"moments {shape}", "scikit-learn StandardScaler.fit", best(lambda: StandardScaler().fit(x), rounds=2) * nanoseconds)
        mean, inverse, out = x.mean(axis=0), np.float32(0.5), np.empty_like(x)

        def scale():
            np.subtract(x, mean, out=out)
            np.multiply(out, inverse, out=out)

        row(f"map {shape}", "NumPy, into a given array", best(scale, rounds=3) * nanoseconds)
        scaler = StandardScaler().fit(x)
        row(f"map {shape}", "scikit-learn StandardScaler.transform", best(lambda: scaler.transform(x), rounds=2) * nanoseconds)
        layer = torch.nn.BatchNorm1d(width).eval()
        tensor = torch.from_numpy(x)
        with torch.no_grad():
            row(f"map {shape}", "PyTorch BatchNorm1d, whole array", best(lambda: layer(tensor), rounds=3) * nanoseconds)
            chunks = tensor.split(4096)
            row(f"map in chunks {shape}", "PyTorch BatchNorm1d", best(lambda: [layer(chunk) for chunk in chunks] and None, rounds=3) * nanoseconds)


def layers(row):
    import torch

    for rows, width in ((32, 32), (256, 32), (4096, 32), (256, 256), (4096, 256)):
        x = torch.from_numpy(matrix(rows, width)).requires_grad_()
        gradient = torch.from_numpy(matrix(rows, width))
        layer = torch.nn.BatchNorm1d(width)
        count = max(5, 500_000 // (rows * width))
        nanoseconds = 1e9 / (rows * width)

        def train():
            x.grad = None
            layer.weight.grad = None
            layer.bias.grad = None
            layer(x).backward(gradient)

        def forward():
            with torch.no_grad():
                layer(x)

        row(f"layer forward {rows}x{width}", "PyTorch BatchNorm1d", best(forward, count) * nanoseconds)
        row(f"layer forward and backward {rows}x{width}", "PyTorch BatchNorm1d", best(train, count) * nanoseconds)
        torch.set_num_threads(os.cpu_count())
        row(f"layer forward and backward, all cores {rows}x{width}", "PyTorch BatchNorm1d", best(train, count) * nanoseconds)
        torch.set_num_threads(1)


def network_steps(threads):
    """Microseconds per training step of the networks of NetworkBenchmarks.cs, as lines "name,number"."""
    import torch

    torch.set_num_threads(int(threads))
    for batch, width in ((64, 100), (256, 256)):
        for normalization in ("None", "Batch"):
            parts, inputs = [], batch
            for _ in range(2):
                parts.append(torch.nn.Linear(inputs, width))
                if normalization == "Batch":
                    parts.append(torch.nn.BatchNorm1d(width))
                parts.append(torch.nn.ReLU())
                inputs = width
            network = torch.nn.Sequential(*parts, torch.nn.Linear(width, 10))
            optimizer = torch.optim.SGD(network.parameters(), lr=0.01)
            loss = torch.nn.CrossEntropyLoss()
            x, y = torch.from_numpy(matrix(batch, batch)), torch.randint(0, 10, (batch,))

            def step():
                optimizer.zero_grad()
                loss(network(x), y).backward()
                optimizer.step()

            print(f"network {batch} {normalization} {threads},{best(step, 200 if batch == 64 else 50) * 1e6!r}", flush=True)


def networks(ours):
    """In processes of their own: the libraries below PyTorch read their number of threads when they are loaded."""
    print("\n## Training a network\n\nMicroseconds per training step: forward, loss, backward, plain gradient descent.\n")
    print("| network | batch | normalization | threads | this library | PyTorch | times as fast |\n| --- | --- | --- | --- | --- | --- | --- |")
    for threads in ("1", "2"):
        environment = {**os.environ, "OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads}
        steps = subprocess.run([sys.executable, __file__, "network-steps", threads], env=environment, check=True, capture_output=True, text=True)
        for line in steps.stdout.splitlines():
            name, theirs = line.rsplit(",", 1)
            _, batch, normalization, _ = name.split()
            width = 100 if batch == "64" else 256
            print(f"| {batch}-{width}-{width}-10 | {batch} | {normalization} | {threads} | {ours[name]:.0f} | {float(theirs):.0f} | {float(theirs) / ours[name]:.1f} |", flush=True)


def digits(found, exact):
    error = abs(found - exact) / exact
    return "all 16" if error == 0 else f"{max(0.0, -math.log10(error)):.1f}"


def accuracy(path, ours):
    import torch
    from sklearn.preprocessing import StandardScaler

    x = np.fromfile(path, dtype=np.float32)
    # Each value is a double exactly, and fsum adds without rounding: around a million, the squares of deviations too.
    values = [float(value) - 1e6 for value in x]
    mean = math.fsum(values) / len(values)
    exact = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / len(values))
    # The usual shape, a few columns; NumPy sums a single one in another, more exact way.
    columns = np.repeat(x.reshape(-1, 1), 4, axis=1)
    layer = torch.nn.BatchNorm1d(4, momentum=None)
    layer(torch.from_numpy(columns))
    torch_variance = float(layer.running_var[0]) * (len(x) - 1) / len(x)
    found = {
        "NumPy, std": float(columns.std(axis=0)[0]),
        "PyTorch, BatchNorm1d": math.sqrt(torch_variance),
        "scikit-learn, StandardScaler": float(StandardScaler().fit(columns).scale_[0]),
        "this library, FeatureMoments": ours["standard deviation"],
    }
    print(f"\n## Accuracy\n\nThe standard deviation of 100,000 single-precision values drawn from N(1e6, 1), in each of four columns; exactly {exact!r}.\n")
    print("| | standard deviation | correct digits |\n| --- | --- | --- |")
    for name, value in found.items():
        print(f"| {name} | {value!r} | {digits(value, exact)} |")


def measure(out_path, library):
    """Writes lines "what;other;number": nanoseconds per value. The library: moments.c compiled, if it could be."""
    import torch

    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    with open(out_path, "w", encoding="utf-8") as out:

        def row(what, name, number):
            out.write(f"{what};{name};{number!r}\n")

        matrices(row, library)
        layers(row)


def smallest(paths, separator):
    """The smallest number of each line's key over several files, in the files' order."""
    numbers = {}
    for path in paths:
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                key, number = line.strip().rsplit(separator, 1)
                numbers[key] = min(float(number), numbers.get(key, math.inf))
    return numbers


def compare(path, *result_paths):
    """Prints the table: first half of the result files ours, second half those of measure."""
    import sklearn
    import torch

    warnings.filterwarnings("ignore")
    half = len(result_paths) // 2
    ours = smallest(result_paths[:half], ",")
    others = smallest(result_paths[half:], ";")

    print("# Comparison with Python libraries\n")
    print("Written by `tests/MLNet.BatchNorm.Benchmarks/compare_python.sh`: single precision, one thread unless said, nanoseconds per value, "
          "the best of several rounds; both sides were run in turn, twice.\n")
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        print("- Processor:", next(line for line in lines if line.startswith("model name")).split(":")[1].strip() + f", {os.cpu_count()} core(s)")
    print(f"- PyTorch {torch.__version__}, scikit-learn {sklearn.__version__}, NumPy {np.__version__}, Python {sys.version.split()[0]}\n")
    print("| what | this library | other | | times as fast |\n| --- | --- | --- | --- | --- |")
    for key, number in others.items():
        what, name = key.split(";")
        print(f"| {what} | {ours[what]:.2f} | {number:.2f} | {name} | {number / ours[what]:.1f} |")
    networks(ours)
    accuracy(path, ours)


if __name__ == "__main__":
    {"write-data": write_data, "measure": measure, "compare": compare, "network-steps": network_steps}[sys.argv[1]](*sys.argv[2:])
