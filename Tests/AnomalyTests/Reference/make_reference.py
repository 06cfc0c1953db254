#!/usr/bin/env python3
"""Writes pareto.json beside this file: excesses, and the generalized Pareto distribution that fits them best, by SciPy.

usage: make_reference.py   (needs SciPy; the tests read the file alone)

Shape and scale maximise the likelihood with the shape at least -0.5, where the estimate is regular (Smith, Biometrika 72,
1985); `tail` holds the probability of exceeding each of `points`.
"""

import json
import pathlib

import numpy
from scipy import optimize, stats

CASES = [(0.0, 1.0, 120), (0.25, 0.5, 200), (0.6, 2.0, 327), (-0.2, 1.5, 150), (-0.35, 3.0, 327), (0.1, 0.4, 40)]


def fit(excesses):
    def cost(parameters):
        shape, scale = parameters[0], numpy.exp(parameters[1])
        return numpy.inf if shape < -0.5 else -stats.genpareto.logpdf(excesses, shape, scale=scale).sum()

    shape, _, scale = stats.genpareto.fit(excesses, floc=0)
    best = min((optimize.minimize(cost, [start, numpy.log(scale)], method="Nelder-Mead",
                                  options={"xatol": 1e-10, "fatol": 1e-10, "maxiter": 10_000})
                for start in (max(shape, -0.45), 0.0, 0.3, -0.3)), key=lambda found: found.fun)
    return best.x[0], numpy.exp(best.x[1]), -best.fun


def main():
    cases = []
    for number, (shape, scale, count) in enumerate(CASES):
        excesses = stats.genpareto.rvs(shape, scale=scale, size=count, random_state=number).round(6)
        fitted = fit(excesses)
        points = [float(round(excesses.mean() * factor, 6)) for factor in (0.2, 1, 3, 5)]
        cases.append({"excesses": excesses.tolist(), "shape": fitted[0], "scale": fitted[1], "log_likelihood": fitted[2],
                      "points": points, "tail": stats.genpareto.sf(points, fitted[0], scale=fitted[1]).tolist()})
    path = pathlib.Path(__file__).with_name("pareto.json")
    path.write_text(json.dumps(cases, separators=(",", ":")) + "\n", encoding="utf-8")


main()
