#!/usr/bin/env bash
# Runs psa-host on each recorded tenant beside this file, and prints each command with what it returns. A tenant is a folder
# with the name of its connector: `settings.toml`, `tenant.json`, and `demo.txt` with the commands. It stops at the first
# command whose exit code is not the expected one. `make demo` builds what it needs.
#
# A line of `demo.txt` is what follows `psa-host`, without connector and settings. `31: ` before it expects that exit code.
# `tenant.json` answers, unless the line has a --replay of its own. A comment begins with `#` and is printed.
set -euo pipefail
cd "$(dirname "$0")/../.."

# Variables such as PSA_SITE would win over the tenant's settings file.
unset "${!PSA_@}"

# Prints and runs `psa-host` with the arguments after the first, which is the exit code to expect.
run() {
    local expected=$1 shown='' argument exit_code=0
    shift
    for argument in "$@"; do
        [[ $argument == *[!A-Za-z0-9_./=:-]* ]] && argument="'$argument'"
        shown+=" $argument"
    done
    printf '\n$ psa-host%s\n' "$shown"
    target/debug/psa-host "$@" </dev/null 2>&1 || exit_code=$?
    if [[ $exit_code != "$expected" ]]; then
        echo "demo.sh: this command ended with exit code $exit_code, not $expected" >&2
        exit 1
    fi
}

for settings in tests/recordings/*/settings.toml; do
    folder=${settings%/*}
    connector=${folder##*/}
    # Settings that others may read draw a warning, also those of nobody; git keeps no such right.
    chmod 600 "$settings"
    printf '\n== %s\n' "$connector"
    while IFS= read -r line; do
        case $line in
        '') continue ;;
        '#'*)
            printf '\n%s\n' "$line"
            continue
            ;;
        esac
        expected=0
        if [[ $line =~ ^([0-9]+):\ (.*) ]]; then
            expected=${BASH_REMATCH[1]}
            line=${BASH_REMATCH[2]}
        fi
        eval "words=($line)"
        tenant=(--settings "$settings")
        [[ $line == *--replay* ]] || tenant+=(--replay "$folder/tenant.json")
        [[ ${words[0]} != describe ]] || tenant=()
        run "$expected" "${words[0]}" "$connector" "${tenant[@]}" "${words[@]:1}"
    done <"$folder/demo.txt"
done
