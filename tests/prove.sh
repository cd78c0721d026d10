#!/usr/bin/env bash
# What takes hours, whole: `sizes` (the tests that CI runs at a tenth), `fuzz` and `mutants`. Without arguments all three.
set -euo pipefail
cd "$(dirname "$0")/.."

# Each target ends with whichever comes first.
runs=${FUZZ_RUNS:-10000000}
seconds=${FUZZ_SECONDS:-3600}
cores=$(nproc)

needs() {
    cargo "$1" --version >/dev/null 2>&1 ||
        { echo "prove: cargo-$1 is missing: run \`cargo install --locked cargo-$1\`, then repeat." >&2; exit 1; }
}

sizes() {
    PSA_FULL_SIZE=yes cargo test --workspace --locked -- --show-output
}

# One target for each core at a time: those of the connectors, then those of the relay.
fuzz() {
    needs fuzz
    # With a stable compiler. The sanitizer finds faults of memory, which code without `unsafe` does not have.
    export RUSTC_BOOTSTRAP=1
    export runs seconds logs=$PWD/target/fuzz
    local folders="tests/fuzz relay/fuzz" folder
    mkdir -p "$logs"
    for folder in $folders; do
        # For the same target as cargo-fuzz, so that macros and build scripts are built once for both.
        (cd "$folder" && cargo run --locked --release --target "$(rustc --print host-tuple)" --example seeds &&
            cargo_fuzz build)
    done
    export -f cargo_fuzz fuzz_target
    for folder in $folders; do
        (cd "$folder" && cargo fuzz list | sed "s:^:$folder :")
    done | xargs -P "$cores" -L 1 bash -c 'fuzz_target "$@"' fuzz
}

# Built and run with the same options, so that nothing is built twice. Without tracing of comparisons, which takes a third of the
# time: the dictionaries have the words that are compared with.
cargo_fuzz() {
    cargo fuzz "$1" --sanitizer none --no-trace-compares "${@:2}"
}

fuzz_target() {
    local folder=$1 target=$2 words=$2.dict log=$logs/$2.log
    cd "$folder"
    [ -e "$words" ] || words=words.dict
    if ! cargo_fuzz run "$target" -- -max_len=4096 -dict="$words" -runs="$runs" \
        -max_total_time="$seconds" -print_final_stats=1 >"$log" 2>&1; then
        tail -n 40 "$log" >&2
        echo "prove: the fuzz target $target found something, or does not run: $log has all of it" >&2
        return 1
    fi
    # `Done N runs in N second(s)`, before the statistics.
    echo "fuzz $target: $(sed -n 's/^Done //p' "$log")"
}

# Whatever `cargo mutants` takes can be given: MUTANTS_OPTIONS="--re toolkit/src/url.rs".
mutants() {
    needs mutants
    local code=0 explained unexplained
    # shellcheck disable=SC2086
    cargo mutants --output target --jobs "$cores" ${MUTANTS_OPTIONS:-} || code=$?
    # 2: some were missed. 3: some never ended, which counts as caught.
    [ "$code" = 0 ] || [ "$code" = 2 ] || [ "$code" = 3 ] || exit "$code"
    explained=$(sed -n 's/^- `\(.*\)`: .*/\1/p' tests/mutants.md)
    unexplained=$(sed -E 's/:[0-9]+:[0-9]+: /: /' target/mutants.out/missed.txt | grep -vxF "$explained") || return 0
    echo "prove: no test notices these, and tests/mutants.md gives no reason:" >&2
    echo "$unexplained" >&2
    exit 1
}

for part in ${@:-sizes fuzz mutants}; do
    case "$part" in
        sizes | fuzz | mutants) echo "== $part" && ("$part") ;;
        *) echo "prove: $part is not sizes, fuzz or mutants" >&2 && exit 2 ;;
    esac
done
echo "== proved: ${*:-sizes fuzz mutants}"
