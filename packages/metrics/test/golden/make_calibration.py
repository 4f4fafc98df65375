"""Temperature and Platt scaling, for the tests of this package:
pip install scikit-learn scipy torch; python make_calibration.py > calibration.json
temperature: scipy.optimize.minimize_scalar, root of the gradient by scipy.optimize.brentq, torch's LBFGS, and scikit-learn's
own _TemperatureScaling. Platt: LogisticRegression(C=inf), with Platt's targets as sample weights of both classes; and
scikit-learn's own _SigmoidCalibration, which stops at a gradient of 1e-6."""
import json, sys, warnings
import numpy as np, scipy, sklearn, torch
from scipy.optimize import brentq, minimize_scalar
from scipy.special import logsumexp, softmax
from sklearn.calibration import _SigmoidCalibration, _TemperatureScaling
from sklearn.linear_model import LogisticRegression

warnings.simplefilter('ignore')
rng = np.random.default_rng(20261201)


def temperature(name, y, z):
    rows = np.arange(len(y))
    loss = lambda b: float(np.mean(logsumexp(b * z, axis=1) - b * z[rows, y]))
    slope = lambda b: float(np.mean((softmax(b * z, axis=1) * z).sum(1) - z[rows, y]))
    search = minimize_scalar(loss, bounds=(1e-6, 100), method='bounded', options=dict(xatol=1e-14, maxiter=10000))
    root = brentq(slope, 1e-6, 100, xtol=1e-15, rtol=1e-15)
    b = torch.ones(1, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([b], lr=1, max_iter=500, tolerance_grad=1e-13, tolerance_change=1e-16, line_search_fn='strong_wolfe')
    def closure():
        optimizer.zero_grad()
        value = torch.nn.functional.cross_entropy(b * torch.tensor(z), torch.tensor(y))
        value.backward()
        return value
    optimizer.step(closure)
    library = float(_TemperatureScaling().fit(z, y).beta_)
    return dict(name=name, labels=y.tolist(), logits=z.tolist(), scipy=1 / search.x, root=1 / root, torch=1 / b.item(), sklearn=1 / library,
        lossBefore=loss(1), lossAfter=loss(root), scaled=softmax(z[:5] * root, axis=1).tolist())


def platt(name, y, s):
    p, n = int(y.sum()), int((1 - y).sum())
    def fit(x, t, w=None):
        model = LogisticRegression(C=np.inf, solver='newton-cholesky', tol=1e-13, max_iter=10000).fit(x[:, None], t, sample_weight=w)
        return [float(model.coef_[0, 0]), float(model.intercept_[0])]
    target = np.where(y == 1, (p + 1) / (p + 2), 1 / (n + 2))
    library = _SigmoidCalibration().fit(s, y)
    smoothed = fit(np.r_[s, s], np.r_[np.ones_like(y), np.zeros_like(y)], np.r_[target, 1 - target])
    return dict(name=name, labels=y.tolist(), scores=s.tolist(), smoothed=smoothed, plain=fit(s, y),
        library=[-float(library.a_), -float(library.b_)], scaled=(1 / (1 + np.exp(-(smoothed[0] * s[:5] + smoothed[1])))).tolist())


def classes(n, k, sharpness, scale):
    y = rng.integers(k, size=n)
    return y, np.round((rng.normal(size=(n, k)) + sharpness * np.eye(k)[y]) * scale, 4)


def finding(n, prevalence, strength, scale, shift):
    y = (rng.random(n) < prevalence).astype(int)
    return y, np.round((rng.normal(size=n) + strength * y) * scale + shift, 4)


json.dump(dict(versions=dict(scipy=scipy.__version__, sklearn=sklearn.__version__, torch=torch.__version__),
    temperature=[temperature('overconfident, four classes', *classes(120, 4, 1.5, 3)), temperature('underconfident, two classes', *classes(80, 2, 2, 0.4)), temperature('hardly better than chance', *classes(60, 3, 0.5, 8))],
    platt=[platt('overconfident', *finding(120, 0.3, 1.5, 3, 1)), platt('a rare finding', *finding(150, 0.06, 2, 1, -1)), platt('inverted and far from 0', *finding(80, 0.5, -1, 10, 200))]),
    sys.stdout, separators=(',', ':'))
print()
