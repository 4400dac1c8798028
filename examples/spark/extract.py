#!/usr/bin/env python3
"""Extracts a folder of reports with Spark: each task pipes its documents through `retro extract --stdin`.

    extract.py RETRO FOLDER [MASTER]

Prints one record a line. With RETRO_CHECK=1 it compares instead, record for record and in order, with what one process
makes of the same lines, once by `rdd.pipe` and once by `mapInPandas`, where pandas is installed. Exits 77 where pyspark
or Java is missing.
"""

import base64
import json
import os
import pathlib
import shutil
import subprocess
import sys

try:
    from pyspark.sql import SparkSession
except ImportError:
    sys.exit(print("pyspark is not installed", file=sys.stderr) or 77)
if shutil.which("java") is None:
    sys.exit(print("Java is not installed", file=sys.stderr) or 77)

retro, folder = sys.argv[1], pathlib.Path(sys.argv[2])
# Four executors' worth of threads; on a cluster, its address.
master = sys.argv[3] if len(sys.argv) > 3 else "local[4]"
COMMAND = [retro, "extract", "--stdin", "--quiet"]


def line(path):
    """Bytes travel as base64, so that any encoding survives."""
    name = path.relative_to(folder).as_posix()
    return json.dumps({"path": name, "base64": base64.b64encode(path.read_bytes()).decode()})


def through(pandas_frames):
    """One process for each partition, fed frame by frame."""
    import pandas

    for frame in pandas_frames:
        done = subprocess.run(COMMAND, input="\n".join(frame["line"]), capture_output=True, text=True, check=False)
        yield pandas.DataFrame({"record": done.stdout.splitlines()})


def main():
    lines = [line(path) for path in sorted(folder.rglob("*")) if path.is_file()]
    spark = SparkSession.builder.master(master).config("spark.ui.enabled", "false").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    documents = spark.sparkContext.parallelize(lines, 8)
    # Exit status 1 says that a partition held no incident, which is no failure.
    records = documents.pipe(" ".join(COMMAND), checkCode=False).collect()
    if os.environ.get("RETRO_CHECK"):
        alone = subprocess.run(COMMAND, input="\n".join(lines), capture_output=True, text=True, check=False)
        expected = alone.stdout.splitlines()
        assert expected and records == expected, f"pipe: {len(records)} records, alone {len(expected)}"
        print(f"pipe: {len(records)} records equal over {documents.getNumPartitions()} partitions")
        try:
            import pandas  # noqa: F401
            import pyarrow  # noqa: F401
        except ImportError:
            print("mapInPandas: skipped, pandas or pyarrow is not installed")
        else:
            frame = spark.createDataFrame([(line,) for line in lines], "line string").repartition(8)
            mapped = [row.record for row in frame.mapInPandas(through, "record string").collect()]
            assert sorted(mapped) == sorted(expected), f"mapInPandas: {len(mapped)} records"
            print(f"mapInPandas: {len(mapped)} records equal")
    else:
        print("\n".join(records))
    spark.stop()


main()
