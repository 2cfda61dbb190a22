#!/usr/bin/env python3
"""usage: table.py OUT FILE...: puts the reports of benchmarks into one, and shows them as a table."""
import json
import os
import sys


def figures_of(path):
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    return report if isinstance(report, list) else [report]


def number(value):
    return "-" if value is None else f"{value:.4g}" if abs(value) < 1000 else f"{value:.0f}"


def row_of(figure):
    reference = figure["reference"] or {}
    target = "-"
    if figure["target"] is not None:
        sign = "≥" if figure["target_is"] == "at_least" else "≤"
        target = f"{sign} {number(figure['target'])}"
    met = {True: "yes", False: "NO"}.get(figure.get("met"), "-")
    return [figure["id"], f"{number(figure['figure'])} {figure['unit']}",
            number(reference.get("figure")), number(figure["ratio"]), target, met, figure["what"]]


def show(rows):
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())


def main():
    out, paths = sys.argv[1], sys.argv[2:]
    figures = [figure for path in sorted(paths) for figure in figures_of(path)]
    with open(out, "w", encoding="utf-8") as file:
        json.dump(figures, file, ensure_ascii=False, indent=1)
        file.write("\n")
    if not figures:
        return
    print()
    show([["id", "figure", "reference", "ratio", "target", "met", "what"]]
         + [row_of(figure) for figure in figures])
    print(f"\nall of it: {out}")


if __name__ == "__main__":
    main()
