#!/usr/bin/env bash
# Measures PyTorch, scikit-learn, NumPy, a loop in C (where gcc and AVX2 are) and this library on the same shapes, one after the other, and
# writes COMPARISON.md beside this file. Needs a Python that has them: set PYTHON, or on Debian
# `apt-get install python3-torch python3-sklearn libopenblas0` (with the reference BLAS, PyTorch's products take ten times as long).
set -euo pipefail
cd "$(dirname "$0")"
python="${PYTHON:-/usr/bin/python3}"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
dotnet build -c Release -v:q --nologo
if command -v gcc > /dev/null && grep -q avx2 /proc/cpuinfo; then
    gcc -O3 -mavx2 -mfma -shared -fPIC -o "$scratch/moments.so" moments.c
fi
"$python" compare_python.py write-data "$scratch/normal.f32"
for round in 1 2; do
    dotnet run -c Release --no-build -- --compare "$scratch/normal.f32" > "$scratch/ours$round"
    "$python" compare_python.py measure "$scratch/theirs$round" "$scratch/moments.so"
done
"$python" compare_python.py compare "$scratch/normal.f32" "$scratch"/ours[12] "$scratch"/theirs[12] > COMPARISON.md
cat COMPARISON.md
