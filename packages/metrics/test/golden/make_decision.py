"""A decision chosen on validation and judged on test, end to end, for the tests of this package:
pip install scikit-learn scipy netcal; python make_decision.py > decision.json
The temperature and the sigmoids are roots of the gradients of their losses (SciPy), thresholds are halfway between scores of
scikit-learn's roc_curve, intervals are scipy.stats.binomtest(...).proportion_ci(method='exact'), calibration errors are
netcal's ECE(15), Brier scores and cross-entropies scikit-learn's."""
import json, sys
import numpy as np, scipy, sklearn, sklearn.metrics as sk
from netcal.metrics import ECE
from scipy.optimize import brentq, root
from scipy.special import expit, log_softmax, softmax
from scipy.stats import binomtest

rng = np.random.default_rng(20261201)


def draw(n):
    y = rng.choice(3, size=n, p=(0.5, 0.3, 0.2))
    logits = 1.6 * (rng.normal(size=(n, 3)) + 1.6 * np.eye(3)[y])
    return y, softmax(logits, axis=1)


def temperature(y, p):
    z = np.log(p)
    def slope(b):
        return (softmax(b * z, axis=1) * z).sum(1).mean() - z[np.arange(len(y)), y].mean()
    return 1 / brentq(slope, 1e-3, 50, xtol=1e-15, rtol=1e-15)


def choose(y, s, kind, target):
    fpr, tpr, thresholds = sk.roc_curve(y, s, drop_intermediate=False)
    fixed, other = (1 - fpr, tpr) if kind == 'specificity' else (tpr, 1 - fpr)
    if kind == 'youden':
        best = int(np.argmax(tpr - fpr))
    else:
        reached = np.flatnonzero(fixed >= target - 1e-12)
        reached = reached[reached > 0]
        best = int(max(reached, key=lambda i: (other[i], fixed[i])))
    lower = thresholds[best + 1] if best + 1 < len(thresholds) else thresholds[best]
    return (thresholds[best] + lower) / 2


def rate(count, total):
    exact = binomtest(int(count), int(total)).proportion_ci(0.95, method='exact')
    return dict(count=int(count), total=int(total), value=count / total, lower=exact.low, upper=exact.high)


def judge(y, s, t):
    tn, fp, fn, tp = sk.confusion_matrix(y, s >= t, labels=[0, 1]).ravel()
    return dict(sensitivity=rate(tp, tp + fn), specificity=rate(tn, tn + fp), ppv=rate(tp, tp + fp), npv=rate(tn, tn + fn))


def at_target(y, s, kind, target):
    fpr, tpr, _ = sk.roc_curve(y, s, drop_intermediate=False)
    fixed, other = (1 - fpr, tpr) if kind == 'specificity' else (tpr, 1 - fpr)
    return float(other[fixed >= target - 1e-12].max())


def calibration(y, p):
    return dict(calibrationError=float(ECE(15).measure(p, y)), brierScore=float(sk.brier_score_loss(y, p)), logLoss=float(sk.log_loss(y, p)))


(yv, pv), (yt, pt) = draw(120), draw(150)
t = temperature(yv, pv)
scaled = [softmax(np.log(p) / t, axis=1) for p in (pv, pt)]
points = []
for calibrated, (validation, test) in ((False, (pv, pt)), (True, scaled)):
    for positive in ([0], [1], [2], [1, 2]):
        for kind, target in (('specificity', 0.95), ('sensitivity', 0.9), ('youden', None)):
            v, s = validation[:, positive].sum(1), test[:, positive].sum(1)
            a, b = np.isin(yv, positive).astype(int), np.isin(yt, positive).astype(int)
            threshold = choose(a, v, kind, target)
            points.append(dict(calibrated=calibrated, positive=positive, kind=kind, target=target, threshold=float(threshold),
                chosen=judge(a, v, threshold), test=judge(b, s, threshold), atTarget=None if target is None else at_target(b, s, kind, target)))


def platt(y, f):
    p, n = int(y.sum()), int((1 - y).sum())
    targets = np.where(y == 1, (p + 1) / (p + 2), 1 / (n + 2))
    def gradient(w):
        g = expit(w[0] * f + w[1]) - targets
        return [(g * f).mean(), g.mean()]
    return root(gradient, [1, 0], tol=1e-14).x


def draw_findings(n):
    y = (rng.random((n, 2)) < (0.4, 0.15)).astype(int)
    y[rng.random((n, 2)) < 0.1] = -1
    return y, expit(1.5 * rng.normal(size=(n, 2)) + 1.5 * np.maximum(y, 0) - 1)


def macro(y, p):
    each = [(y[y[:, f] >= 0, f], p[y[:, f] >= 0, f]) for f in (0, 1)]
    return dict(brierScore=float(np.mean([sk.brier_score_loss(a, b) for a, b in each])), logLoss=float(np.mean([sk.log_loss(a, b) for a, b in each])))


(fv, qv), (ft, qt) = draw_findings(140), draw_findings(160)
sigmoids = [platt(fv[fv[:, f] >= 0, f], np.log(qv / (1 - qv))[fv[:, f] >= 0, f]) for f in (0, 1)]
after = np.stack([expit(a * np.log(qt[:, f] / (1 - qt[:, f])) + b) for f, (a, b) in enumerate(sigmoids)], axis=1)
json.dump(dict(versions=dict(scipy=scipy.__version__, sklearn=sklearn.__version__, netcal='1.4.0'),
    classes=dict(validation=dict(labels=yv.tolist(), probabilities=pv.ravel().tolist()), test=dict(labels=yt.tolist(), probabilities=pt.ravel().tolist()),
        temperature=t, before=calibration(yt, pt), after=calibration(yt, scaled[1]), points=points),
    findings=dict(validation=dict(labels=fv.ravel().tolist(), probabilities=qv.ravel().tolist()), test=dict(labels=ft.ravel().tolist(), probabilities=qt.ravel().tolist()),
        sigmoids=[list(map(float, s)) for s in sigmoids], before=macro(ft, qt), after=macro(ft, after))), sys.stdout)
print()
