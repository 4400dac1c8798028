"""Reads an exported folder of parquet (Hive layout) with DuckDB and Spark, and an Arrow file with pyarrow, polars and
DuckDB, and compares them, cell by cell, with the NDJSON of the same.

    read_export.py FOLDER FILE.arrow EXPECTED.ndjson        exits 77 where nothing of this is installed
"""

import json
import pathlib
import sys

folder, arrow, expected = sys.argv[1:4]
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


def duck(reader, source):
    kinds = {name: kind for name, kind, *_ in duckdb.sql(f"DESCRIBE SELECT * FROM {source}").fetchall()}
    # Its instants need a further module in Python, so DuckDB spells them.
    spelled = "strftime(\"{0}\" AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ')"
    columns = [spelled.format(n) if kinds[n] == "TIMESTAMP WITH TIME ZONE" else f'"{n}"' for n in names]
    assert kinds["started"] == "TIMESTAMP WITH TIME ZONE" and kinds["date"] == "DATE", kinds
    compare(reader, duckdb.sql(f"SELECT {', '.join(columns)} FROM {source}").fetchall())


missing = []
try:
    import duckdb

    duckdb.sql("SET TimeZone = 'UTC'")
    duck("duckdb", f"read_parquet('{folder}/incidents/*/*.parquet', hive_partitioning = true)")
except ImportError:
    duckdb = None
    missing.append("duckdb")
try:
    import pyarrow.ipc

    frame = pyarrow.ipc.open_file(arrow).read_all()
    kinds = (str(frame.schema.field("started").type), str(frame.schema.field("date").type))
    assert kinds == ("timestamp[ms, tz=UTC]", "date32[day]"), kinds
    compare("pyarrow", zip(*(frame[name].to_pylist() for name in names)))
    if duckdb:
        duck("duckdb through pyarrow", "frame")
except ImportError:
    missing.append("pyarrow")
try:
    import polars

    compare("polars", polars.read_ipc(arrow).select(names).iter_rows())
except ImportError:
    missing.append("polars")
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
    sys.exit(77 if len(missing) == 4 else 0)
