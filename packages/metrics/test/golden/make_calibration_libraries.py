"""Decision curves and calibration by public libraries, for the tests of this package:
pip install dcurves netcal scikit-learn; python make_calibration_libraries.py > calibration_libraries.json
dcurves (D. Sjoberg, E. Vertosick): net benefit of a model and of treating everybody, also at a given prevalence.
netcal: TemperatureScaling (whose optimizer stops early), ECE and MCE in equal-width bins.
scikit-learn: CalibratedClassifierCV(method='temperature') on a fitted model, which for two classes scales the decision
function d as the logits -d and d, so that its temperature is twice that of logits with the difference d; and calibration_curve of a finding."""
import importlib.metadata as metadata, json, sys, warnings
import numpy as np, pandas as pd
from dcurves import dca
from netcal.metrics import ECE, MCE
from netcal.scaling import TemperatureScaling
from scipy.special import expit, softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV, calibration_curve
from sklearn.frozen import FrozenEstimator

warnings.simplefilter('ignore')
rng = np.random.default_rng(20261203)
grid = [i / 100 for i in range(1, 100)]


def curve(name, n, share, decimals, thresholds, prevalence=None):
    y = (rng.random(n) < share).astype(int)
    p = np.round(expit(rng.normal(size=n) + 1.8 * y - 1.5), decimals)
    table = dca(data=pd.DataFrame(dict(y=y, model=p)), outcome='y', modelnames=['model'], thresholds=thresholds, prevalence=prevalence)
    of = lambda model: table[table.model == model].sort_values('threshold').net_benefit.tolist()
    found = dict(name=name, labels=y.tolist(), scores=p.tolist(), thresholds=thresholds, model=of('model'), treatAll=of('all'))
    return found if prevalence is None else dict(found, prevalence=prevalence)


class Given(ClassifierMixin, BaseEstimator):
    """A fitted model whose decision function is its input."""
    def fit(self, x, y):
        self.classes_ = np.unique(y)
        return self
    def decision_function(self, x): return x if x.shape[1] > 2 else x[:, 1] - x[:, 0]
    def predict(self, x): return x.argmax(1)
    def predict_proba(self, x): return softmax(x, axis=1)


def classes(name, n, k, sharpness, scale):
    def draw():
        y = rng.integers(k, size=n)
        return y, np.round((rng.normal(size=(n, k)) + sharpness * np.eye(k)[y]) * scale, 4)
    (yv, zv), (yt, zt) = draw(), draw()
    pv, pt = softmax(zv, axis=1), softmax(zt, axis=1)
    net = TemperatureScaling()
    net.fit(pv, yv, random_state=0)
    after = np.asarray(net.transform(pt), dtype=np.float64)
    if k == 2: after = np.stack([1 - after.ravel(), after.ravel()], axis=1)  # netcal gives the second of two classes
    model = CalibratedClassifierCV(FrozenEstimator(Given().fit(zv, yv)), method='temperature', ensemble=False).fit(zv, yv)
    errors = {str(bins): dict(expected=float(ECE(bins).measure(pt, yt)), maximum=float(MCE(bins).measure(pt, yt))) for bins in (5, 10, 15)}
    return dict(name=name, validation=dict(labels=yv.tolist(), probabilities=pv.ravel().tolist()), test=dict(labels=yt.tolist(), probabilities=pt.ravel().tolist()),
        netcal=dict(temperature=float(1 / np.ravel(net.temperature)[0]), scaled=after.ravel().tolist()),
        sklearn=dict(temperature=float(1 / model.calibrated_classifiers_[0].calibrators[0].beta_) / (2 if k == 2 else 1), scaled=model.predict_proba(zt).ravel().tolist()), errors=errors)


def finding(name, n, share, bins):
    y = (rng.random(n) < share).astype(int)
    p = expit(2 * rng.normal(size=n) + 1.5 * y - 1)
    accuracy, confidence = calibration_curve(y, p, n_bins=bins)
    return dict(name=name, labels=y.tolist(), scores=p.tolist(), bins=bins, accuracy=accuracy.tolist(), confidence=confidence.tolist(),
        expected=float(ECE(bins).measure(p, y)), maximum=float(MCE(bins).measure(p, y)))


json.dump(dict(versions={name: metadata.version(name) for name in ('dcurves', 'netcal', 'scikit-learn', 'numpy')},
    curves=[curve('five decimals', 150, 0.3, 5, grid), curve('a rare class', 220, 0.05, 6, [0.02, 0.05, 0.1, 0.5, 0.9]),
        curve('case-control data with a prevalence', 120, 0.5, 4, grid, 0.07), curve('two decimals: probabilities on the thresholds', 140, 0.3, 2, grid)],
    classes=[classes('overconfident, four classes', 120, 4, 1.5, 3), classes('underconfident, two classes', 90, 2, 2, 0.4)],
    findings=[finding('a finding', 200, 0.3, 10), finding('a rare finding', 160, 0.08, 15)]), sys.stdout, separators=(',', ':'))
print()
