#!/usr/bin/env bash
# Installs what psa-host is compared with, builds what is measured, and runs run.py: run.sh [VENDOR...]. The packages come from
# the registries of npm and PyPI, in the versions of package-lock.json and requirements.txt, into target/bench-peers.
set -euo pipefail

cd "$(dirname "$0")/../../.."
readonly here=tests/benches/peers peers=$PWD/target/bench-peers built=target/release

needs() { # what it is, and a command that works where it is there
    "${@:2}" >/dev/null 2>&1 || { echo "run.sh: $1 is missing: install it, then repeat." >&2; exit 1; }
}
needs 'Node.js 20 or newer' node --eval 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)'
needs 'npm' npm --version
needs 'Python 3.11 or newer, with the modules venv and ensurepip,' \
    python3 -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))'

mkdir -p "$peers/node" "$peers/home"
cp "$here/package.json" "$here/package-lock.json" "$peers/node"
npm ci --prefix "$peers/node" --ignore-scripts --no-audit --no-fund >&2
python3 -m venv "$peers/python"
"$peers/python/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: --require-hashes \
    --requirement "$here/requirements.txt" >&2

cargo build --workspace --locked --profile bench \
    --bin psa-host --example tasks --example stand_in

# Without leaving compiled Python among the sources.
python3 -B "$here/run.py" "$built/psa-host" "$built/examples/tasks" "$built/examples/stand_in" "$peers" "$@"
