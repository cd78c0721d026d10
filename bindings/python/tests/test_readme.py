"""The examples of the README, from an empty folder."""

import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from support import ROOT, recorded_settings

README = Path(__file__).resolve().parents[1] / "README.md"
PLACE = "/path/to/psa-connector"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README.read_text("utf-8"), re.MULTILINE | re.DOTALL)


class Readme(unittest.TestCase):
    def test_a_ticket_is_opened_from_an_empty_folder_in_three_commands(self) -> None:
        [commands], [program] = blocks("sh"), blocks(r"python ticket\.py")
        self.assertLessEqual(len([it for it in commands.splitlines() if not it.startswith("#")]), 3)
        # The packages of the registry are there already; what is installed is what the command names.
        environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_QUIET": "1"}
        environment.pop("PYTHONPATH", None)
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "ticket.py").write_text(program.replace(PLACE, str(ROOT)), encoding="utf-8")
            mypy = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", os.devnull, "ticket.py"]
            typed = subprocess.run(mypy, cwd=folder, capture_output=True, text=True, check=False)
            self.assertEqual(typed.returncode, 0, typed.stdout)
            script = "set -e\n" + commands.replace(PLACE, str(ROOT))
            run = subprocess.run(
                ["bash", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, check=False
            )
        self.assertEqual((run.returncode, run.stdout), (0, "5120 created\n"), run.stderr)

    def test_the_other_example_runs(self) -> None:
        [example] = blocks("python")
        settings = recorded_settings("autotask")
        program = f"settings = {settings!r}\n{example}\nprint(tenant.not_approved())"
        run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
        self.assertEqual((run.returncode, run.stdout), (0, "[]\n"), run.stderr)


if __name__ == "__main__":
    unittest.main()
