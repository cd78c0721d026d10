"""Runs a command with its standard output in a file, and prints its wall time and CPU time in seconds and its largest
resident memory in KiB: measure.py OUTPUT COMMAND...

A program of its own because Linux reports no less memory of a process than its parent had when it started it: this one
has 9 MB.
"""

import os
import sys
import time

output, *command = sys.argv[1:]
into_file = (os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
started = time.perf_counter()
process = os.posix_spawnp(command[0], command, os.environ, file_actions=[into_file])
_, status, used = os.wait4(process, 0)
wall = time.perf_counter() - started
if status != 0:
    sys.exit(f"it ended with {os.waitstatus_to_exitcode(status)}")
with open("/proc/self/status") as lines:
    own_peak = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
if used.ru_maxrss <= own_peak:
    sys.exit("it took no more memory than measure.py")
print(wall, used.ru_utime + used.ru_stime, used.ru_maxrss)
