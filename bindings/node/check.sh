#!/usr/bin/env bash
# Builds and tests the package with the tools of its lock file. `check.sh yes` also tries it in other runtimes, which it downloads.
set -euo pipefail
cd "$(dirname "$0")"

command -v npm >/dev/null || { echo "npm is missing: install Node.js 20.18 or later, then repeat." >&2; exit 1; }
npm ci --no-audit --no-fund --prefer-offline
npm run --silent build
npm test --silent
if [[ ${1:-} == yes ]]; then
    (cd runtimes && npm ci --no-audit --no-fund --prefer-offline && node run.js)
else
    echo "bindings-node: left out other versions of Node.js, Deno and Bun: make bindings-node RUNTIMES=yes"
fi
