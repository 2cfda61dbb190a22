#!/usr/bin/env python3
"""Adds up the orders that clean.sh leaves in the working directory, and prints a report.

Both tasks start at the same time: this one waits for cleaned.csv, WAIT_SECONDS at the most
(30 unless set). The report is also left as report.txt. Money is counted in whole cents.
"""

import collections
import csv
import os
import pathlib
import sys
import time

CLEANED = pathlib.Path("cleaned.csv")
REJECTED = pathlib.Path("rejected.csv")
REPORT = pathlib.Path("report.txt")


def wait_for(path, seconds):
    end = time.monotonic() + seconds
    while not path.exists():
        if time.monotonic() > end:
            sys.exit(f"analyze.py: no {path} after {seconds:g} s; did the cleaner fail?")
        time.sleep(0.02)


def cents(text):
    whole, _, fraction = text.partition(".")
    return int(whole) * 100 + int(fraction.ljust(2, "0"))


def read_orders():
    with CLEANED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def count_rejects():
    lines = REJECTED.read_bytes().split(b"\n")[:-1]
    return collections.Counter(line.split(b",", 2)[1].decode() for line in lines)


def totals_by(orders, key):
    totals = collections.defaultdict(lambda: [0, 0, 0])
    for order in orders:
        total = totals[key(order)]
        total[0] += 1
        total[1] += int(order["数量"])
        total[2] += int(order["数量"]) * cents(order["单价"])
    return sorted(totals.items())


def table(title, rows):
    yield f"\n{title}"
    for name, (orders, pieces, money) in rows:
        yield f"  {name}: {orders} orders, {pieces} pieces, {money // 100}.{money % 100:02} yuan"


def report(orders, rejects):
    yield f"rows in: {len(orders) + rejects.total()}"
    yield f"rows used: {len(orders)}"
    yield f"rows rejected: {rejects.total()}"
    for reason, count in sorted(rejects.items()):
        yield f"  {reason}: {count}"
    yield from table("by category (类别)", totals_by(orders, lambda order: order["类别"]))
    yield from table("by city (城市)", totals_by(orders, lambda order: order["城市"]))
    yield from table("by month (日期)", totals_by(orders, lambda order: order["日期"][:7]))
    yield from table("together", totals_by(orders, lambda order: "all"))


def main():
    sys.stdout.reconfigure(encoding="utf-8")
    wait_for(CLEANED, float(os.environ.get("WAIT_SECONDS", "30")))
    text = "\n".join(report(read_orders(), count_rejects())) + "\n"
    REPORT.write_text(text, encoding="utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
