#!/usr/bin/env python3
"""Makes a large corpus out of a small one: the same documents again and again, each with its dates shifted and its
names of machines, requests and people changed, so that no two are alike. The same seed gives the same bytes.

    benches/make_corpus.py OUT --documents 10000 [--seed 1] [--from corpus --from ../shared/corpora]
"""

import argparse
import datetime
import json
import pathlib
import random
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent
SUFFIXES = {".md", ".markdown", ".txt", ".html", ".rst", ".adoc", ".wiki", ".json"}
# A feed would count as many documents; it has a test of its own.
LARGEST_BYTES = 64 * 1024
FILES_A_FOLDER = 500
MONTHS = "January February March April May June July August September October November December".split()
ISO = re.compile(r"\b(20[0-3]\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\b")
LONG = re.compile(r"\b(" + "|".join(MONTHS) + r") (\d{1,2})(?:st|nd|rd|th)?,? (20[0-3]\d)\b")
SHORT = re.compile(r"\b(\d{1,2}) (" + "|".join(MONTHS) + r") (20[0-3]\d)\b")
NUMBERED = re.compile(r"\b([a-z]{2,12})-(\d{1,4})\b")
HEXADECIMAL = re.compile(r"\b[0-9a-f]{8,40}\b")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--from", dest="sources", action="append", type=pathlib.Path)
    args = parser.parse_args()
    sources = args.sources or [ROOT / "corpus"] + [p for p in [ROOT.parent / "shared" / "corpora"] if p.is_dir()]
    texts = read(sources)
    folder, total = None, 0
    for nth in range(args.documents):
        dice = random.Random(f"{args.seed} {nth}")
        suffix, text = texts[dice.randrange(len(texts))]
        if nth % FILES_A_FOLDER == 0:
            folder = args.out / f"team-{nth // FILES_A_FOLDER:03}"
            folder.mkdir(parents=True, exist_ok=True)
        content = vary(text, dice).encode()
        total += len(content)
        (folder / f"{nth:06}{suffix}").write_bytes(content)
    print(json.dumps({"documents": args.documents, "bytes": total, "originals": len(texts), "seed": args.seed}))


def read(sources):
    """The originals, in an order that does not depend on the machine."""
    texts = []
    for source in sources:
        for path in sorted(source.rglob("*"), key=lambda p: p.relative_to(source).as_posix()):
            if path.suffix not in SUFFIXES or not path.is_file() or path.stat().st_size > LARGEST_BYTES:
                continue
            try:
                texts.append((path.suffix, path.read_bytes().decode()))
            except UnicodeDecodeError:
                continue
    return texts


def vary(text, dice):
    days = datetime.timedelta(days=dice.randrange(-1500, 700))
    names = {}

    def shifted(year, month, day):
        try:
            return datetime.date(int(year), int(month), int(day)) + days
        except ValueError:
            return None

    def iso(m):
        date = shifted(m[1], m[2], m[3])
        return date.isoformat() if date else m[0]

    def long(m):
        date = shifted(m[3], MONTHS.index(m[1]) + 1, m[2])
        return f"{MONTHS[date.month - 1]} {date.day}, {date.year}" if date else m[0]

    def short(m):
        date = shifted(m[3], MONTHS.index(m[2]) + 1, m[1])
        return f"{date.day} {MONTHS[date.month - 1]} {date.year}" if date else m[0]

    def numbered(m):
        if m[1] in ("utf", "sev", "sha", "rfc"):
            return m[0]
        return names.setdefault(m[0], f"{m[1]}-{dice.randrange(1, 10 ** len(m[2]))}")

    def hexadecimal(m):
        return names.setdefault(m[0], f"{dice.getrandbits(4 * len(m[0])):0{len(m[0])}x}")

    for pattern, change in ((ISO, iso), (LONG, long), (SHORT, short), (NUMBERED, numbered), (HEXADECIMAL, hexadecimal)):
        text = pattern.sub(change, text)
    return text + f"\n\nReference: case-{dice.getrandbits(40):010x}\n" if not text.lstrip().startswith(("[", "{")) else text


if __name__ == "__main__":
    main()
