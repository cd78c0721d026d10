"""The package as a host, by the conformance kit for hosts: `psa-host conform-host`."""

import json
import subprocess
import sys
import unittest
from pathlib import Path

from support import ROOT


class Hosts(unittest.TestCase):
    def test_every_duty_of_a_host_is_kept(self) -> None:
        probe = ROOT / "target" / "json" / "parts" / "probe.wasm"
        host = Path(__file__).with_name("host.py")
        kit = [str(ROOT / "target/debug/psa-host"), "conform-host", "--json", "--patience", "6", "--probe", str(probe)]
        run = subprocess.run([*kit, "--", sys.executable, str(host)], capture_output=True, text=True, check=False)
        outcomes = json.loads(run.stdout)["outcomes"]
        self.assertEqual([it for it in outcomes if it["state"] != "kept"], [])
        self.assertGreater(len(outcomes), 40)


if __name__ == "__main__":
    unittest.main()
