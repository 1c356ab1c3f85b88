"""Run the tests that measure the promises of docs/reliability.md, and print the table: promised, measured.

python scripts/promises.py            the slow tests and the fast ones that measure something
python scripts/promises.py --all      the whole suite too, for the time it takes
python scripts/promises.py -k kills   only some of the slow ones
"""

import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree  # what is read, pytest has just written

ROOT = Path(__file__).parents[1]
PROMISES = {
    1: "kill -9 at 200 moments of a refresh by two processes: 0 corrupt caches, 0 lost answers",
    2: "kill at 60 exact system calls: 0 bad",
    3: "no space or an I/O error at any of 120 calls: 0 corrupt, 0 falsely saved",
    4: "300 damaged or foreign cache files: 0 tracebacks, 0 wrong rows",
    5: "4 processes x 300 writes: 0 errors, worst wait below 1 s",
    6: "60 server faults x 4 ways: 0 tracebacks, the last good rows stay, each ends within 46 s",
    7: "one bad provider delays no other by more than 100 ms; 10 hung names, 20 of 20 others well",
    8: "a bomb of 1 GiB: below 64 MiB of memory, below 1 s",
    9: "112 hostile strings in a real terminal: 0 raw sequences, 0 crashes, 0 links or actions",
    10: "1,114,112 characters cleaned: 0 unprintable; 20,000 names below 200 ms",
    11: "a canary key for each provider: 0 hits but at its own server",
    12: "35 redirects, foreign next links, http://, proxies for loopback: 0 requests with a key",
    13: "latency POSTs are never more than agreed; after kill -9: 0",
    14: "at most 3 GETs a source and refresh, at most 1 automatic try in 60 s over all processes",
    15: "quit within 2 s in any state; the terminal restored after signals and crashes",
    16: "while 50 providers answer, the screen's tick is at most 100 ms late",
    17: "an answer cut at 800 places: 0 taken",
    18: "files of cache and state private (0600, folders 0700) under any umask",
    19: "10,000 rows exported: 0 formulas, 0 tags, exact JSON",
    20: "the slow tests within 10 minutes on 2 cores, the fast ones within 60 s",
}


def run(*words: str) -> tuple[int, float, dict[int, list[str]]]:
    """Run pytest; gives its exit status, the seconds, and what was measured for each promise."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        started = time.monotonic()
        options = ["-q", "-o", "junit_family=xunit1", f"--junitxml={report}"]
        done = subprocess.run([sys.executable, "-m", "pytest", *options, *words], cwd=ROOT, check=False)  # noqa: S603
        took_s = time.monotonic() - started
        found = measured(report) if report.exists() else {}
    return done.returncode, took_s, found


def measured(report: Path) -> dict[int, list[str]]:
    """Read the figures of a report; those of a test that failed say so."""
    found: dict[int, list[str]] = defaultdict(list)
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314  # pytest has just written it
        failed = case.find("failure") is not None or case.find("error") is not None
        for entry in case.iter("property"):
            word, _, number = entry.get("name", "").partition(" ")
            if word == "promise" and number.isdigit():
                found[int(number)].append((entry.get("value") or "") + (" FAILED" if failed else ""))
    return found


def main(words: list[str]) -> int:
    """Measure and print; the exit status is pytest's."""
    whole = "--all" in words
    words = [word for word in words if word != "--all"]
    fast_status, fast_s, fast = run(*([] if whole else sorted(map(str, (ROOT / "tests").glob("test_trust_*.py")))))
    slow_status, slow_s, slow = run("-m", "torture", "tests/torture", *words)
    figures = {number: fast.get(number, []) + slow.get(number, []) for number in PROMISES}
    figures[20].append(f"slow {slow_s:.0f} s" + (f", fast {fast_s:.0f} s" if whole else ""))
    print("\n| # | promised | measured |\n| --- | --- | --- |")
    for number, promise in PROMISES.items():
        print(f"| {number} | {promise} | {'; '.join(figures[number]) or 'not measured in this run'} |")
    return fast_status or slow_status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
