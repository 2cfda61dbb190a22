#!/usr/bin/python3
"""usage: draw.py REPORT: draws what bench_growth --json REPORT has measured (run.sh's bench.json will
do as well), a picture for each operation, beside this file: OPERATION.svg. The same report makes the
same pictures. Needs the matplotlib of the distribution and its Python: deploy/setup.sh --development."""
import io
import json
import os
import sys

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams.update({"svg.hashsalt": "drover", "svg.fonttype": "none", "font.size": 9,
                            "font.family": "sans-serif", "font.sans-serif": ["DejaVu Sans"]})
from matplotlib import pyplot  # noqa: E402  # after the backend is chosen

TITLES = {"placement": "one placement", "heartbeat": "one heartbeat", "stop": "one stop",
          "status": "one status query", "list": "one page of a list, 50 instances",
          "events": "the events of 50 deploys", "deploy": "one deploy, durable"}
AXES = {"nodes": "nodes", "running": "running instances", "finished": "finished instances"}
MARKERS = {"nodes": "o", "running": "s", "finished": "^"}
COLOURS = {"nodes": "#0072b2", "running": "#d55e00", "finished": "#009e73"}
HERE = os.path.dirname(os.path.abspath(__file__))


def curves_of(report):
    """By operation, then axis: [(size, microseconds)] and what stays the same."""
    curves = {}
    for figure in report:
        if not figure["id"].startswith("growth."):
            continue
        _, operation, axis = figure["id"].split(".")
        points = sorted((int(name.split()[0]), cost) for name, cost in figure["details"].items())
        curves.setdefault(operation, {})[axis] = (points, figure["conditions"]["beside"])
    return curves


def limits_of(axes):
    """At least two decades, so that what is flat looks flat."""
    costs = [cost for points, _ in axes.values() for _, cost in points]
    middle = (min(costs) * max(costs)) ** 0.5
    reach = max(10, 1.5 * max(costs) / middle)
    return middle / reach, middle * reach


def draw(operation, axes):
    figure, plot = pyplot.subplots(figsize=(4.8, 3.2), layout="constrained")
    for axis, (points, beside) in axes.items():
        plot.loglog(*zip(*points), marker=MARKERS[axis], color=COLOURS[axis],
                    label=f"{AXES[axis]} (beside {beside})")
    plot.set_ylim(limits_of(axes))
    plot.set_title(TITLES[operation], fontsize=10)
    together = " or ".join(AXES[axis] for axis in axes)
    plot.set_xlabel(together.replace(" instances or", " or"))
    plot.set_ylabel("CPU time, µs")
    for ticks in (plot.xaxis, plot.yaxis):
        ticks.set_major_formatter(lambda value, _: f"{value:,.10g}")
    plot.minorticks_off()
    plot.grid(color="#dddddd")
    plot.legend(fontsize=7, loc="best")
    text = io.StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    pyplot.close(figure)
    with open(os.path.join(HERE, operation + ".svg"), "w", encoding="utf-8") as file:
        file.write("".join(line.rstrip() + "\n" for line in text.getvalue().splitlines()))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        report = json.load(file)
    for operation, axes in curves_of(report).items():
        draw(operation, axes)


if __name__ == "__main__":
    main()
