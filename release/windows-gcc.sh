#!/usr/bin/env bash
# Links for Windows without the time, and with paths below this clone. GNU ld sorts the import table by the paths of the archives:
# whether those of this clone come before those below /usr must not depend on where the clone is. rustc calls this in the root of
# the workspace, and tells from the name that it takes the options of gcc.
set -euo pipefail
exec x86_64-w64-mingw32-gcc -Wl,--no-insert-timestamp "${@//"$PWD"\//}"
