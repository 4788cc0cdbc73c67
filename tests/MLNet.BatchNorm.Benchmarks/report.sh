#!/usr/bin/env bash
# Measures side by side, in a few minutes, and writes REPORT.md beside this file. Close other programs first. To measure some sections
# again and keep the others: report.sh Fit Layers
set -euo pipefail
cd "$(dirname "$0")"
dotnet run -c Release -- --report REPORT.md "$@"
