"""Numbers of scikit-learn for predictions of several findings per image, with labels that are not known (-1):
pip install scikit-learn; python make_findings.py > findings.json
DeLong's standard error is the definition itself, all pairs compared. The calibration error weighs the bins of
calibration_curve (15 of equal width) by their size."""
import json, warnings
import numpy as np, sklearn, sklearn.metrics as sk
from sklearn.calibration import calibration_curve

warnings.simplefilter('ignore')
rng = np.random.default_rng(20261129)
number = lambda value: None if np.isnan(value) else float(value)


def draw(n, prevalence, decimals, unknown):
    """Labels by prevalence and probabilities that lean towards them, each finding differently; few decimals give ties."""
    y = (rng.random((n, len(prevalence))) < prevalence).astype(int)
    logits = rng.normal(size=y.shape) + y * np.linspace(0.5, 2.5, len(prevalence)) - 0.7
    p = np.round(1 / (1 + np.exp(-logits)), decimals)
    y[rng.random(y.shape) < unknown] = -1
    return y, p


def delong_error(y, p):
    pairs = (p[y == 1][:, None] > p[y == 0]) + 0.5 * (p[y == 1][:, None] == p[y == 0])
    if min(pairs.shape) < 2: return np.nan
    return np.sqrt(pairs.mean(1).var(ddof=1) / pairs.shape[0] + pairs.mean(0).var(ddof=1) / pairs.shape[1])


def calibration_error(y, p, count=15):
    if len(y) == 0: return np.nan
    share, mean = calibration_curve(y, p, n_bins=count, strategy='uniform')
    sizes = np.bincount(np.searchsorted(np.linspace(0, 1, count + 1)[1:-1], p), minlength=count)
    return np.sum(np.abs(share - mean) * sizes[sizes > 0]) / len(y)


def finding(y, p, threshold):
    p, y = p[y >= 0], y[y >= 0]
    called, both = (p >= threshold).astype(int), 0 < y.sum() < len(y)
    rate = lambda f, **options: f(y, called, zero_division=np.nan, **options) if len(y) else np.nan
    return dict(positives=int((y == 1).sum()), negatives=int((y == 0).sum()), threshold=threshold,
        auc=sk.roc_auc_score(y, p) if both else np.nan,
        sensitivity=rate(sk.recall_score), specificity=rate(sk.recall_score, pos_label=0),
        precision=rate(sk.precision_score), f1=rate(sk.f1_score),
        averagePrecision=sk.average_precision_score(y, p) if y.sum() else np.nan,
        brierScore=sk.brier_score_loss(y, p, pos_label=1) if len(y) else np.nan,
        calibrationError=calibration_error(y, p),
        delongError=delong_error(y, p) if both else np.nan)


def case(name, y, p, thresholds):
    each = [finding(y[:, f], p[:, f], thresholds[f]) for f in range(y.shape[1])]
    mean = lambda key: number(np.nanmean([e[key] for e in each]))
    known = y >= 0
    found = dict(name=name, labels=y.tolist(), probabilities=p.tolist(), thresholds=thresholds,
        perFinding=[{k: number(v) for k, v in e.items()} for e in each],
        macro={k: mean(k) for k in each[0] if k not in ('positives', 'negatives', 'threshold', 'delongError')},
        micro=dict(auc=sk.roc_auc_score(y[known], p[known]), averagePrecision=sk.average_precision_score(y[known], p[known])))
    if known.all() and all(0 < e['positives'] < len(y) for e in each):  # the library's own averages
        found['library'] = {f'{average} {key}': f(y, p, average=average)
            for average in ('macro', 'micro') for key, f in (('auc', sk.roc_auc_score), ('averagePrecision', sk.average_precision_score))}
    return found


complete = draw(120, [0.5, 0.2, 0.1, 0.35], 3, 0)
tied = draw(60, [0.4, 0.15, 0.3], 1, 0.2)
rare = draw(50, [0.3, 0, 1, 0.5, 0.5], 2, 0.1)
rare[0][:, 3] = -1
rare[0][:, 4] = np.where(np.arange(50) == 7, 1, 0)
json.dump(dict(sklearn=sklearn.__version__, cases=[
    case('complete labels', *complete, [0.5, 0.5, 0.5, 0.5]),
    case('ties and unknown labels', *tied, [0.5, 0.3, 0.7]),
    case('findings without positives, without negatives, without labels, with one positive', *rare, [0.5, 0.5, 0.25, 0.5, 0.99]),
]), __import__('sys').stdout, separators=(',', ':'))
print()
