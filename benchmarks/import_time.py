"""How long ``import abstractgan`` takes, next to ``import tensorflow``: a row for a table.

Each import runs in a process of its own; the first of each is thrown away, since it fills the
disk cache. Run by hand: ``python benchmarks/import_time.py``.
"""

import os
import platform
import statistics
import subprocess
import sys

RUNS = 10
CODE = "import time; start = time.perf_counter(); import {}; print(time.perf_counter() - start)"


def import_seconds(module: str) -> float:
    """Import a module in a fresh process and return the seconds that it took."""
    command = [sys.executable, "-c", CODE.format(module)]
    return float(subprocess.run(command, capture_output=True, check=True).stdout)


def median_seconds(module: str) -> float:
    """The median over ``RUNS`` fresh processes, after one to warm up."""
    import_seconds(module)
    return statistics.median(import_seconds(module) for _ in range(RUNS))


def main() -> None:
    """Print the table."""
    print("| machine | Python | `import abstractgan` | `import tensorflow` |")
    print("|---|---|---|---|")
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    ours, theirs = median_seconds("abstractgan") * 1000, median_seconds("tensorflow")
    print(f"| {machine} | {platform.python_version()} | {ours:.2f} ms | {theirs:.1f} s |")


if __name__ == "__main__":
    main()
