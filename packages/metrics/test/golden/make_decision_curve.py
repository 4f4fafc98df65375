"""Net benefit as Vickers and Elkin (2006) define it, for the tests of this package:
pip install numpy; python make_decision_curve.py > decision_curve.json"""
import json, sys
import numpy as np

rng = np.random.default_rng(20261202)


def net_benefit(y, p, t, prevalence=None):
    tp, fp, n = np.sum((p >= t) & (y == 1)), np.sum((p >= t) & (y == 0)), len(y)
    if prevalence is None: return tp / n - fp / n * t / (1 - t)
    return prevalence * tp / np.sum(y == 1) - (1 - prevalence) * fp / np.sum(y == 0) * t / (1 - t)


def case(name, y, p, thresholds, prevalence=None):
    model = [net_benefit(y, p, t, prevalence) for t in thresholds]
    everybody = [net_benefit(y, np.ones(len(y)), t, prevalence) for t in thresholds]
    found = dict(name=name, labels=y.tolist(), scores=p.tolist(), thresholds=thresholds, model=model, treatAll=everybody,
        gain=[m - max(a, 0) for m, a in zip(model, everybody)])
    return found if prevalence is None else dict(found, prevalence=prevalence)


def sample(n, share, decimals):
    y = (rng.random(n) < share).astype(int)
    return y, np.round(1 / (1 + np.exp(-(rng.normal(size=n) + 1.8 * y - 1.5))), decimals)


grid = [i / 100 for i in range(1, 100)]
json.dump(dict(numpy=np.__version__, cases=[case('two decimals: probabilities on the thresholds', *sample(140, 0.3, 2), grid),
    case('a rare class', *sample(200, 0.05, 5), [0.9, 0.02, 0.05, 0.5, 0.05]),
    case('case-control data with a prevalence', *sample(120, 0.5, 4), grid, 0.07)]), sys.stdout, separators=(',', ':'))
print()
