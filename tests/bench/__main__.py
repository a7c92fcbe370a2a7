"""Run every bench of this folder, each in a process of its own; arguments are passed on; 1 if one fails or misses its goal."""

import subprocess
import sys
from pathlib import Path


def main() -> int:
    """Run them in the order of their names."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))
    codes = [
        subprocess.run([sys.executable, "-m", f"tests.bench.{name}", *sys.argv[1:]], check=False).returncode
        for name in names
    ]
    return int(any(codes))


if __name__ == "__main__":
    raise SystemExit(main())
