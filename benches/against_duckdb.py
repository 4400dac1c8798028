#!/usr/bin/env python3
"""`retro stats` and `retro report` against DuckDB that answers the same aggregates from the same parquet files, in turns.

    benches/against_duckdb.py RETRO STORE [--period 2025-Q2] [--runs 9]     # needs the package duckdb

Of retro the whole process counts, from start to printed page; of DuckDB connecting and answering, not starting Python.
Processor seconds say more than the clock on a machine that others use.
"""

import argparse
import datetime
import pathlib
import resource
import statistics
import subprocess
import time

import duckdb

METRICS = ["ttd", "tta", "tti", "ttm", "ttr", "impact"]
CHOSEN = """CASE WHEN {m}_minutes = {m}_computed_minutes
      AND abs({m}_computed_minutes - {m}_stated_minutes) >= 1430
      AND (abs({m}_computed_minutes - {m}_stated_minutes) + 10) % 1440 <= 20
    THEN {m}_stated_minutes ELSE {m}_minutes END"""


def summaries(where):
    """n, missing, median, mean, geometric mean, p90 and max of every metric, and what is left out."""
    values = ", ".join(f"{CHOSEN.format(m=m)} AS {m}" for m in METRICS)
    known = ", ".join(f"CASE WHEN {m} >= 0 THEN {m} END AS {m}" for m in METRICS)
    columns = ", ".join(
        f"count({m}), count(*) - count({m}), median({m}), avg({m}), exp(avg(ln(greatest({m}, 0.5)))),"
        f" quantile_cont({m}, 0.9), max({m})"
        for m in METRICS
    )
    endless = "mitigated IS NULL AND resolved IS NULL AND ttm_minutes IS NULL AND ttr_minutes IS NULL AND impact_minutes IS NULL"
    return [
        f"SELECT {columns} FROM (SELECT {known} FROM (SELECT {values} FROM incidents {where}))",
        f"SELECT count(*), count(*) - count(date), count(*) FILTER ({endless}), count(*) FILTER (duration_conflict),"
        f" count(*) FILTER (least(ttd_minutes, tta_minutes, tti_minutes, ttm_minutes, ttr_minutes, impact_minutes) < 0)"
        f" FROM incidents {where}",
    ]


def report(start, end, before):
    now, then = f"WHERE date >= DATE '{start}' AND date < DATE '{end}'", f"WHERE date >= DATE '{before}' AND date < DATE '{start}'"
    queries = summaries(now) + summaries(then) + ["SELECT max(date) FROM incidents"]
    queries += ["SELECT month, severity_level, count(*) FROM incidents GROUP BY ALL ORDER BY ALL"]
    queries += ["SELECT quarter, count(*), count(ttr_minutes), median(ttr_minutes) FROM incidents GROUP BY ALL ORDER BY ALL"]
    queries += ["SELECT date, id, ttr_minutes FROM incidents WHERE ttr_minutes >= 0 AND date IS NOT NULL ORDER BY date, id"]
    for where in (now, then):
        for column in ["severity_level", "trigger", "component", "provider", "detection"]:
            queries.append(
                f"SELECT {column}, count(*), median(ttr_minutes), max(ttr_minutes), median(ttd_minutes), list(id)"
                f" FROM incidents {where} GROUP BY ALL ORDER BY ALL"
            )
        lacks = ["org", "date", "zone", "severity", "started", "detected", "acknowledged", "identified", "mitigated",
                 "resolved", "trigger", "component", "root_cause", "detection", "impact"]
        queries.append("SELECT " + ", ".join(f"count({c}), list(id) FILTER ({c} IS NULL)" for c in lacks) + f" FROM incidents {where}")
    # The union of impact windows of each organisation.
    queries.append(f"""
        WITH w AS (SELECT org, greatest(started, TIMESTAMPTZ '{start} 00:00:00+00') AS a,
                          least(coalesce(mitigated, started + to_minutes(impact_stated_minutes), resolved),
                                TIMESTAMPTZ '{end} 00:00:00+00') AS b
                   FROM incidents WHERE started < TIMESTAMPTZ '{end} 00:00:00+00'),
             v AS (SELECT * FROM w WHERE b > a),
             r AS (SELECT org, a, b, max(b) OVER (PARTITION BY org ORDER BY a, b ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reach FROM v)
        SELECT org, count(*), sum(greatest(epoch(b) - epoch(greatest(a, coalesce(reach, a))), 0)) FROM r GROUP BY org ORDER BY org""")
    queries.append(f"SELECT date, id, org, title, severity, trigger, provider, ttd_minutes, ttr_minutes, path FROM incidents {now} ORDER BY date, id LIMIT 1000")
    queries.append("""SELECT org, trigger, component, provider, count(*), list(id ORDER BY date, id) FROM incidents
        WHERE trigger <> 'unknown' AND component <> 'unknown' GROUP BY ALL HAVING count(*) > 1""")
    queries.append(f"SELECT a.id, a.text, a.status, a.owner, a.due FROM actions a JOIN incidents i USING (id) {now} AND a.status <> 'done' ORDER BY a.due LIMIT 50")
    queries.append(f"""SELECT CASE WHEN date IS NULL THEN 'undated' ELSE (DATE '{end}' - date)::VARCHAR END, a.status, count(*), list(a.id)
        FROM actions a JOIN incidents i USING (id) WHERE date < DATE '{end}' AND a.status <> 'done' GROUP BY ALL""")
    queries.append(f"SELECT code, count(*), count(DISTINCT n.id), min(message) FROM notices n JOIN incidents i USING (id) {now} GROUP BY code ORDER BY 2 DESC")
    return queries


def duck(folder, queries, threads):
    before, clock = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    connection = duckdb.connect(config={"threads": threads})
    for table in ["incidents", "actions", "notices"]:
        connection.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{folder / (table + '.parquet')}')")
    for query in queries:
        connection.execute(query).fetchall()
    connection.close()
    after = resource.getrusage(resource.RUSAGE_SELF)
    return time.perf_counter() - clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def retro(binary, store, arguments):
    before, clock = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([binary, *arguments, "--store", store], stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def quarter(text):
    year, nth = int(text[:4]), int(text[-1])
    first = lambda y, q: datetime.date(y + (q - 1) // 4, (q - 1) % 4 * 3 + 1, 1)
    return first(year, nth), first(year, nth + 1), first(year - (nth == 1), nth - 1 or 4)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("retro")
    parser.add_argument("store", type=pathlib.Path)
    parser.add_argument("--period", default="2025-Q2")
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    folder = next((args.store / "generations").glob("*/parts/*/incidents.parquet")).parent
    tasks = [
        ("stats", ["stats", "--every-telling"], summaries("")),
        ("report (html)", ["report", args.period, "--every-telling", "--format", "html"], report(*quarter(args.period))),
        ("report (json)", ["report", args.period, "--every-telling", "--format", "json"], report(*quarter(args.period))),
    ]
    print("question | retro s | retro cpu s | DuckDB s | DuckDB cpu s | ratio | ratio of cpu")
    for name, arguments, queries in tasks:
        ours, theirs = [], []
        for _ in range(args.runs):
            ours.append(retro(args.retro, str(args.store), arguments))
            theirs.append(duck(folder, queries, args.threads))
        middle = lambda runs, nth: statistics.median(run[nth] for run in runs)
        wall, cpu, duck_wall, duck_cpu = middle(ours, 0), middle(ours, 1), middle(theirs, 0), middle(theirs, 1)
        print(f"{name} | {wall:.3f} | {cpu:.3f} | {duck_wall:.3f} | {duck_cpu:.3f} | {wall / duck_wall:.2f} | {cpu / duck_cpu:.2f}")
    print(f"peak memory of retro: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
