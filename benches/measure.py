#!/usr/bin/env python3
"""Measures whole processes on one corpus, as ratios to the full ingest: nothing changed, 1 % changed, one file changed;
what the store weighs; and, beside them, SQLite FTS5 indexing the bare text and DuckDB reading it, where they are installed.

    benches/measure.py RETRO CORPUS        CORPUS is changed and put back
"""

import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import time


def run(args):
    begun = time.time()
    process = subprocess.Popen(args, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0, args
    return {
        "wall_seconds": round(time.time() - begun, 2),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 2),
        "peak_mb": usage.ru_maxrss // 1024,
    }


def weight(store):
    """Bytes of the generation that counts."""
    generation = store / "generations" / (store / "CURRENT").read_text().strip()
    return sum(path.stat().st_size for path in generation.rglob("*") if path.is_file())


def sqlite(texts, folder):
    begun = time.process_time()
    database = sqlite3.connect(folder / "fts.db")
    database.execute("CREATE VIRTUAL TABLE documents USING fts5(path, body)")
    database.executemany("INSERT INTO documents VALUES (?, ?)", ((str(p), p.read_text(errors="replace")) for p in texts))
    database.commit()
    return {"cpu_seconds": round(time.process_time() - begun, 2)}


def duckdb_read(corpus):
    try:
        import duckdb
    except ImportError:
        return "not installed"
    begun = time.process_time()
    duckdb.sql(f"SELECT count(*), sum(octet_length(content)) FROM read_blob('{corpus}/**')").fetchall()
    return {"cpu_seconds": round(time.process_time() - begun, 2)}


def main():
    retro, corpus = sys.argv[1], pathlib.Path(sys.argv[2])
    files = sorted(path for path in corpus.rglob("*") if path.is_file())
    size = sum(path.stat().st_size for path in files)
    result = {"documents": len(files), "bytes": size}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        store = folder / "store"
        ingest = [retro, "--store", str(store), "ingest", str(corpus)]
        full = result["full"] = run(ingest)
        result["store_of_input"] = round(weight(store) / size, 3)
        result["nothing_changed"] = run(ingest)
        some = {path: path.read_bytes() for path in files[::100]}
        try:
            for path, content in some.items():
                path.write_bytes(content + b"\n\nIt happened again at 10:00 UTC.\n")
            result["one_percent_changed"] = run(ingest)
            result["store_of_input_after"] = round(weight(store) / size, 3)
            first = next(iter(some))
            first.write_bytes(some[first] + b"\n\nAnd once more.\n")
            result["one_file_changed"] = run(ingest)
        finally:
            for path, content in some.items():
                path.write_bytes(content)
        for name in ("nothing_changed", "one_percent_changed", "one_file_changed"):
            result[name]["of_full"] = f"1/{full['cpu_seconds'] / max(result[name]['cpu_seconds'], 0.01):.1f}"
        result["sqlite_fts5"] = sqlite(files, folder)
        result["duckdb_read"] = duckdb_read(corpus)
    print(json.dumps(result, indent=2))


main()
