"""Writes stratification.json: how evenly scikit-multilearn splits a set with the findings of ChestX-ray14.

Prevalences are the published ones (Wang et al. 2017, 112,120 images), pairs more frequent than by chance. For each seed of
NumPy the measures of its module `measures`, whose own code does not run on NumPy 2: label distribution (LD, order 1) and label
pair distribution (LPD, order 2: pairs and single findings), and the distance from the desired sizes (ED).
Run: pip install scikit-multilearn scikit-learn scipy numpy; python make_stratification.py
"""

import importlib.metadata
import itertools
import json
import pathlib

import numpy as np
from skmultilearn.model_selection import IterativeStratification, iterative_train_test_split

PREVALENCE = {
    "Infiltration": 19894, "Effusion": 13317, "Atelectasis": 11559, "Nodule": 6331, "Mass": 5782, "Pneumothorax": 5302,
    "Consolidation": 4667, "Pleural_Thickening": 3385, "Cardiomegaly": 2776, "Emphysema": 2516, "Edema": 2303, "Fibrosis": 1686,
    "Pneumonia": 1431, "Hernia": 227,
}
COUNT = 2000

random = np.random.default_rng(14)
prevalence = np.array(list(PREVALENCE.values())) / 112120
labels = (random.random((COUNT, 14)) < prevalence).astype(int)
for first, second in [(1, 2), (0, 1), (6, 1), (10, 0), (12, 10)]:  # the second finding follows the first in a third of its images
    labels[:, second] |= labels[:, first] & (random.random(COUNT) < 1 / 3)


def distribution(parts, order):
    combinations = {c for row in labels for c in itertools.combinations_with_replacement(np.flatnonzero(row), order)}
    total = 0.0
    for combination in combinations:
        has = labels[:, sorted(set(combination))].all(1)
        proportion = lambda rows: has[rows].sum() / (len(rows) - has[rows].sum())
        whole = proportion(np.arange(COUNT))
        total += np.mean([abs(proportion(part) - whole) for part in parts])
    return total / len(combinations)


def measures(parts, fractions):
    return {
        "labels": distribution(parts, 1),
        "pairs": distribution(parts, 2),
        "sizes": float(np.mean([abs(len(part) - fraction * COUNT) for part, fraction in zip(parts, fractions)])),
    }


def holdout(seed):
    np.random.seed(seed)
    rows = np.arange(COUNT)[:, None]
    train, _, test, _ = iterative_train_test_split(rows, labels, test_size=0.2)
    return measures([test[:, 0], train[:, 0]], [0.2, 0.8])


def folds(seed):
    np.random.seed(seed)
    parts = [test for _, test in IterativeStratification(n_splits=5, order=1).split(np.zeros(COUNT), labels)]
    return measures(parts, [0.2] * 5)


pathlib.Path(__file__).with_name("stratification.json").write_text(json.dumps({
    "scikit-multilearn": importlib.metadata.version("scikit-multilearn"),
    "findings": list(PREVALENCE),
    "present": [np.flatnonzero(row).tolist() for row in labels],
    "holdout": [holdout(seed) for seed in range(5)],
    "folds": [folds(seed) for seed in range(5)],
}, separators=(",", ":")) + "\n")
