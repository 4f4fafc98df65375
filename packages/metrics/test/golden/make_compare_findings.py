"""Two models for several findings on the same images, with labels that are not known (-1), compared by other libraries:
pip install scikit-learn scipy statsmodels; python make_compare_findings.py > compare_findings.json
AUCs and average precisions are scikit-learn's; DeLong's test is the definition itself, all pairs compared; McNemar's mid-p
is scipy's binomial distribution; Holm is statsmodels'. `grouped` has the percentiles of a bootstrap over whole patients in
numpy, with another random generator: they agree up to the noise of resampling."""
import json, warnings
import numpy as np, scipy, sklearn, sklearn.metrics as sk, statsmodels
from scipy.stats import binom, norm
from statsmodels.stats.multitest import multipletests

warnings.simplefilter('ignore')
rng = np.random.default_rng(20261130)
N, PREVALENCE, THRESHOLDS = 150, [0.5, 0.2, 0.1, 0.35], [0.5, 0.4, 0.3, 0.5]
y = (rng.random((N, 4)) < PREVALENCE).astype(int)
draw = lambda strength: np.round(1 / (1 + np.exp(-(rng.normal(size=y.shape) + y * strength - 0.7))), 3)
a, b = draw(np.array([1.6, 1.2, 1.5, 2.0])), draw(np.array([0.6, 1.0, 1.4, 0.9]))
y[rng.random(y.shape) < 0.15] = -1
patients = np.repeat(np.arange(N // 3), 3)


def components(labels, p):
    positive, negative = p[labels == 1][:, None], p[labels == 0][None, :]
    pairs = (positive > negative) + 0.5 * (positive == negative)
    return pairs.mean(), pairs.mean(1), pairs.mean(0)


def finding(f):
    known = y[:, f] >= 0
    labels, pa, pb = y[known, f], a[known, f], b[known, f]
    (auc_a, pos_a, neg_a), (auc_b, pos_b, neg_b) = components(labels, pa), components(labels, pb)
    error = np.sqrt((pos_a - pos_b).var(ddof=1) / len(pos_a) + (neg_a - neg_b).var(ddof=1) / len(neg_a))
    right_a, right_b = (pa >= THRESHOLDS[f]) == labels, (pb >= THRESHOLDS[f]) == labels
    only_a, only_b = int((right_a & ~right_b).sum()), int((right_b & ~right_a).sum())
    few, total = min(only_a, only_b), only_a + only_b
    mid = min(1, 2 * binom.cdf(few, total, 0.5)) - binom.pmf(few, total, 0.5)
    assert abs(auc_a - sk.roc_auc_score(labels, pa)) < 1e-12
    z = (auc_a - auc_b) / error
    return dict(labels=int(known.sum()), aucA=auc_a, aucB=auc_b, standardError=error, z=z, pValue=2 * norm.sf(abs(z)),
        onlyA=only_a, onlyB=only_b, midPValue=float(mid),
        averagePrecision=sk.average_precision_score(labels, pa) - sk.average_precision_score(labels, pb))


each = [finding(f) for f in range(4)]
for key, adjusted in (('pValue', 'aucAdjusted'), ('midPValue', 'accuracyAdjusted')):
    for e, p in zip(each, multipletests([e[key] for e in each], method='holm')[1]): e[adjusted] = p

known = y >= 0
def macro(weights):
    """Macro AUCs of both models with each patient counted as often as it was sampled."""
    w = np.repeat(weights, 3)
    auc = lambda p, f: sk.roc_auc_score(y[known[:, f], f], p[known[:, f], f], sample_weight=w[known[:, f]])
    return [np.mean([auc(p, f) for f in range(4)]) for p in (a, b)]


resamples = np.array([np.subtract(*macro(np.bincount(rng.integers(0, N // 3, N // 3), minlength=N // 3).astype(float)))
    for _ in range(4000)])
micro = lambda p, score: score(y[known], p[known])
json.dump(dict(sklearn=sklearn.__version__, scipy=scipy.__version__, statsmodels=statsmodels.__version__,
    labels=y.tolist(), a=a.tolist(), b=b.tolist(), thresholds=THRESHOLDS, patients=[f'patient {p}' for p in patients],
    perFinding=each, macro=macro(np.ones(N // 3)),
    micro={k: [micro(a, s), micro(b, s)] for k, s in (('auc', sk.roc_auc_score), ('averagePrecision', sk.average_precision_score))},
    grouped=dict(zip(('lower', 'upper'), np.percentile(resamples, [2.5, 97.5])), standardError=resamples.std(ddof=1))),
    __import__('sys').stdout, separators=(',', ':'))
print()
