"""Operating points and their reports, for the tests of this package:
pip install scikit-learn scipy; python make_operating.py > operating.json
Every threshold of scikit-learn's roc_curve that calls something positive is tried, and the choice is made in exact fractions.
Intervals are scipy.stats.binomtest(...).proportion_ci(method='exact'); McNemar's p is the binomial test of discordant pairs."""
import json, sys
from fractions import Fraction
import numpy as np, scipy, sklearn, sklearn.metrics as sk
from scipy.stats import binomtest

rng = np.random.default_rng(20261130)


def sample(n, prevalence, decimals, strength):
    y = (rng.random(n) < prevalence).astype(int)
    return y, np.round(1 / (1 + np.exp(-(rng.normal(size=n) + strength * y - 1))), decimals)


def choose(y, s, goal):
    thresholds = sk.roc_curve(y, s, drop_intermediate=False)[2][1:]  # the first one calls nothing positive
    p, n = int(y.sum()), int((1 - y).sum())
    def key(t):
        tn, fp, fn, tp = map(int, sk.confusion_matrix(y, s >= t, labels=[0, 1]).ravel())
        sensitivity, specificity, kind = Fraction(tp, p), Fraction(tn, n), goal['kind']
        if kind == 'sensitivity': return (min(sensitivity, Fraction(str(goal['target']))), specificity, sensitivity)
        if kind == 'specificity': return (min(specificity, Fraction(str(goal['target']))), sensitivity, specificity)
        if kind == 'youden': return (sensitivity + specificity, specificity)
        if kind == 'f1': return (Fraction(2 * tp, 2 * tp + fp + fn), specificity)
        prevalence = Fraction(str(goal['prevalence'])) if 'prevalence' in goal else Fraction(p, p + n)
        return (-(Fraction(str(goal['ratio'])) * prevalence * (1 - sensitivity) + (1 - prevalence) * (1 - specificity)), specificity)
    best = max(thresholds, key=key)
    return dict(goal=goal, threshold=float(best), sensitivity=sk.recall_score(y, s >= best), specificity=sk.recall_score(y, s >= best, pos_label=0))


goals = [dict(kind='sensitivity', target=t) for t in (0.5, 0.8, 0.9, 0.95, 1)] + [dict(kind='specificity', target=t) for t in (0.5, 0.8, 0.9, 0.95, 0.975)]
goals += [dict(kind='youden'), dict(kind='f1')] + [dict(kind='cost', ratio=r) for r in (1, 5, 20)] + [dict(kind='cost', ratio=10, prevalence=p) for p in (0.02, 0.3)]


def report(y, s, t, confidence):
    tn, fp, fn, tp = map(int, sk.confusion_matrix(y, s >= t, labels=[0, 1]).ravel())
    rates = dict(sensitivity=(tp, tp + fn), specificity=(tn, tn + fp), ppv=(tp, tp + fp), npv=(tn, tn + fn), accuracy=(tp + tn, len(y)))
    def rate(count, total):
        exact = binomtest(count, total).proportion_ci(confidence, method='exact')
        return dict(count=count, total=total, value=count / total, lower=exact.low, upper=exact.high)
    return dict(threshold=t, confidence=confidence, counts=[tp, fp, fn, tn], rates={name: rate(*pair) for name, pair in rates.items()})


def mcnemar(y, called_a, called_b):
    only_a, only_b = int(((called_a == y) & (called_b != y)).sum()), int(((called_a != y) & (called_b == y)).sum())
    return dict(onlyA=only_a, onlyB=only_b, exactPValue=binomtest(only_a, only_a + only_b).pvalue)


cases = []
for name, y, s in (('two decimals', *sample(150, 0.3, 2, 1.5)), ('many ties', *sample(80, 0.4, 1, 1)), ('a rare class', *sample(200, 0.05, 4, 2)), ('scores that tell nothing', *sample(60, 0.5, 3, 0))):
    cases.append(dict(name=name, labels=y.tolist(), scores=s.tolist(), choices=[choose(y, s, goal) for goal in goals]))
y, a = sample(180, 0.35, 4, 1.8)
b = np.round(np.clip(a + rng.normal(scale=0.25, size=180), 0, 1), 4)
reports = [report(y, a, float(t), c) for t, c in ((0.3, 0.95), (float(a[7]), 0.9), (0.9, 0.95))]
pair = a >= 0.4, b >= 0.55
json.dump(dict(versions=dict(scipy=scipy.__version__, sklearn=sklearn.__version__), cases=cases,
    test=dict(labels=y.tolist(), a=a.tolist(), b=b.tolist(), reports=reports, thresholds=[0.4, 0.55],
        mcnemar={key: mcnemar(y[part], pair[0][part], pair[1][part]) for key, part in (('sensitivity', y == 1), ('specificity', y == 0), ('accuracy', y >= 0))})),
    sys.stdout, separators=(',', ':'))
print()
