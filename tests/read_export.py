"""Reads an exported folder (Hive layout) with DuckDB and Spark and compares it, cell by cell, with the NDJSON of the same.

    read_export.py FOLDER EXPECTED.ndjson        exits 77 where neither is installed
"""

import json
import pathlib
import sys

folder, expected = sys.argv[1:3]
rows = [json.loads(line) for line in pathlib.Path(expected).read_text(encoding="utf-8").splitlines()]
names = [name for name in rows[0] if name != "quarter"]
wanted = sorted((tuple(row[name] for name in names) for row in rows), key=str)


def plain(value):
    """As NDJSON writes it."""
    if hasattr(value, "isoformat"):
        if not hasattr(value, "hour"):
            return value.isoformat()
        import datetime

        if value.tzinfo is not None:
            value = value.astimezone(datetime.timezone.utc)
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return value


def compare(reader, found):
    found = sorted((tuple(plain(v) for v in row) for row in found), key=str)
    assert len(found) == len(wanted), f"{reader}: {len(found)} rows instead of {len(wanted)}"
    for got, want in zip(found, wanted):
        assert got == want, f"{reader}:\n{got}\n{want}"
    print(f"{reader}: {len(found)} rows equal")


missing = []
try:
    import duckdb

    duckdb.sql("SET TimeZone = 'UTC'")
    source = f"read_parquet('{folder}/incidents/*/*.parquet', hive_partitioning = true)"
    kinds = {name: kind for name, kind, *_ in duckdb.sql(f"DESCRIBE SELECT * FROM {source}").fetchall()}
    # Its instants need a further module in Python, so DuckDB spells them.
    spelled = "strftime(\"{0}\" AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ')"
    columns = [spelled.format(n) if kinds[n] == "TIMESTAMP WITH TIME ZONE" else f'"{n}"' for n in names]
    assert kinds["started"] == "TIMESTAMP WITH TIME ZONE" and kinds["date"] == "DATE", kinds
    compare("duckdb", duckdb.sql(f"SELECT {', '.join(columns)} FROM {source}").fetchall())
except ImportError:
    missing.append("duckdb")
try:
    import os
    import shutil

    os.environ["TZ"] = "UTC"
    from pyspark.sql import SparkSession

    if shutil.which("java") is None:
        raise ImportError("java")
    spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    spark = spark.config("spark.sql.session.timeZone", "UTC").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    # Each folder by itself: the column of the folders' name is in the files as well.
    compare("spark", spark.read.parquet(*map(str, pathlib.Path(folder, "incidents").glob("quarter=*"))).select(names).collect())
    spark.stop()
except ImportError:
    missing.append("pyspark with java")
if missing:
    print("not installed: " + ", ".join(missing), file=sys.stderr)
    sys.exit(77 if len(missing) == 2 else 0)
