#!/usr/bin/env python3
"""Measures whole processes on one corpus, and prints one table: the full ingest beside SQLite FTS5 indexing the bare text
of the same files, nothing changed, 1 % changed, one file changed, what the store weighs, and how long questions take.
Wall times are of a machine that does other things as well: ratios and processor seconds say more.

    benches/measure.py RETRO CORPUS        CORPUS is changed and put back
"""

import json
import os
import pathlib
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

RUNS = 20
QUERIES = [
    "dns failure after deploy", "502 bad gateway", "certificate expired", "database failover replication lag",
    "out of memory kubernetes nodes", "packet loss network", "login errors oauth", "disk full kafka",
    "api latency timeouts", "power outage data center", "how did we fix connection pool exhaustion", "SERVFAIL",
]


def run(args):
    """One process; those that find nothing answer 1."""
    begun = time.perf_counter()
    process = subprocess.Popen([str(a) for a in args], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    assert os.waitstatus_to_exitcode(status) in (0, 1), args
    return {
        "wall_seconds": time.perf_counter() - begun,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak_mb": usage.ru_maxrss // 1024,
    }


def many(name, commands):
    """Median and 95th percentile of processes that take milliseconds."""
    runs = [run(command) for command in commands]
    figures = {}
    for kind in ("wall", "cpu"):
        sorted_ms = sorted(1000 * r[f"{kind}_seconds"] for r in runs)
        figures[f"{kind}_ms"] = round(statistics.median(sorted_ms), 1)
        figures[f"{kind}_ms_p95"] = round(sorted_ms[int(0.95 * (len(sorted_ms) - 1))], 1)
    show(name, figures)


def show(name, figures):
    rounded = {k: round(v, 3) if isinstance(v, float) else v for k, v in figures.items()}
    print(f"{name:24} {json.dumps(rounded)}", flush=True)


def weight(store):
    """Bytes of the generation that counts."""
    generation = store / "generations" / (store / "CURRENT").read_text().strip()
    return sum(path.stat().st_size for path in generation.rglob("*") if path.is_file())


def sqlite(texts, folder):
    begun, cpu = time.perf_counter(), time.process_time()
    database = sqlite3.connect(folder / "fts.db")
    database.execute("CREATE VIRTUAL TABLE documents USING fts5(path, body)")
    database.executemany("INSERT INTO documents VALUES (?, ?)", ((str(p), p.read_text(errors="replace")) for p in texts))
    database.commit()
    return {"wall_seconds": time.perf_counter() - begun, "cpu_seconds": time.process_time() - cpu}


def duckdb_read(corpus):
    try:
        import duckdb
    except ImportError:
        return {"skipped": "duckdb is not installed"}
    cpu = time.process_time()
    duckdb.sql(f"SELECT count(*), sum(octet_length(content)) FROM read_blob('{corpus}/**')").fetchall()
    return {"cpu_seconds": time.process_time() - cpu}


def main():
    retro, corpus = sys.argv[1], pathlib.Path(sys.argv[2])
    files = sorted(path for path in corpus.rglob("*") if path.is_file())
    size = sum(path.stat().st_size for path in files)
    show("input", {"documents": len(files), "bytes": size})
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        store = folder / "store"
        ingest = [retro, "--store", store, "ingest", corpus]
        peer = sqlite(files, folder)
        full = run(ingest)
        ratios = {f"{k}_of_sqlite": full[f"{k}_seconds"] / peer[f"{k}_seconds"] for k in ("wall", "cpu")}
        show("SQLite FTS5, same text", peer)
        show("DuckDB, reading only", duckdb_read(corpus))
        show("full ingest", full | ratios | {"store_of_input": weight(store) / size})

        def again(name):
            figures = run(ingest)
            show(name, figures | {"of_full": f"1/{full['cpu_seconds'] / max(figures['cpu_seconds'], 0.01):.1f}"})

        again("nothing changed")
        some = {path: path.read_bytes() for path in files[::100]}
        try:
            for path, content in some.items():
                path.write_bytes(content + b"\n\nIt happened again at 10:00 UTC.\n")
            again("1 % changed")
            first = next(iter(some))
            first.write_bytes(some[first] + b"\n\nAnd once more.\n")
            again("one file changed")
        finally:
            for path, content in some.items():
                path.write_bytes(content)
        of_6_kb = min(files, key=lambda path: (abs(path.stat().st_size - 6_000), path))
        asked = [retro, "--store", store]
        many("--version", [[retro, "--version"]] * RUNS)
        many("--help", [[retro, "--help"]] * RUNS)
        many("completions", [[retro, "completions", "bash"]] * RUNS)
        many("extract, one of 6 KB", [[retro, "extract", of_6_kb]] * RUNS)
        many("search", [[*asked, "search", query] for query in QUERIES * 3])
        many("list", [[*asked, "list", "trigger:config"]] * RUNS)


main()
