"""Numbers of fairlearn, scikit-learn, SciPy and statsmodels for the tests of subgroups:
pip install fairlearn scikit-learn scipy statsmodels; python make_subgroups.py > subgroups.json
Metrics by group are fairlearn's MetricFrame with scikit-learn's metrics. The unpaired DeLong test is the definition itself,
all pairs compared, with Welch and Satterthwaite's degrees of freedom as in R's pROC (roc.test, paired = FALSE); p values come
from SciPy. The interval of a difference of sensitivities is scipy.stats.bootstrap of two independent samples."""
import json, warnings
import numpy as np, scipy.stats as st, sklearn.metrics as sk
from fairlearn.metrics import MetricFrame, false_positive_rate
from statsmodels.stats.multitest import multipletests

warnings.simplefilter('ignore')
rng = np.random.default_rng(20261129)


def placements(y, s):
    pos, neg = s[y == 1], s[y == 0]
    wins = (pos[:, None] > neg) + 0.5 * (pos[:, None] == neg)
    return wins.mean(), wins.mean(1), wins.mean(0)


def unpaired(a, b):
    """a, b: (labels, scores) of independent sets."""
    out = []
    for y, s in (a, b):
        auc, v10, v01 = placements(y, s)
        out.append((auc, v10.var(ddof=1) / len(v10) + v01.var(ddof=1) / len(v01), len(y)))
    (auc_a, var_a, n_a), (auc_b, var_b, n_b) = out
    se = np.sqrt(var_a + var_b)
    t = (auc_a - auc_b) / se
    df = (var_a + var_b) ** 2 / (var_a ** 2 / (n_a - 1) + var_b ** 2 / (n_b - 1))
    half = st.t.ppf(0.975, df) * se
    return dict(aucs=[auc_a, auc_b], standardError=se, t=t, degreesOfFreedom=df, pValue=2 * st.t.sf(abs(t), df),
                interval=[auc_a - auc_b - half, auc_a - auc_b + half])


def draw(n, decimals, shift):
    y = np.array([i % 2 if i < 4 else rng.random() < 0.4 for i in range(n)]).astype(int)
    s = np.round(1 / (1 + np.exp(-(rng.normal(size=n) + shift * (y - 0.5)))), decimals)
    return y, s


cases = []
for n_a, n_b, decimals, shift_a, shift_b in [(40, 60, 6, 2.0, 1.0), (80, 25, 1, 1.0, 1.2), (200, 150, 2, 2.5, 0.8)]:
    a, b = draw(n_a, decimals, shift_a), draw(n_b, decimals, shift_b)
    cases.append(dict(a=dict(labels=a[0].tolist(), scores=a[1].tolist()), b=dict(labels=b[0].tolist(), scores=b[1].tolist()), **unpaired(a, b)))

# 240 images with sex, scanner and age; the score is worse on scanner "B".
n = 240
sex = np.array(['F', 'M'])[(rng.random(n) < 0.45).astype(int)]
scanner = np.array(['A', 'B', 'C'])[rng.choice(3, size=n, p=[0.5, 0.3, 0.2])]
age = rng.integers(20, 89, size=n)
y = (rng.random(n) < 0.5).astype(int)
s = np.round(1 / (1 + np.exp(-(rng.normal(size=n) + np.where(scanner == 'B', 0.8, 2.2) * (y - 0.5)))), 4)
p = np.stack([np.round(1 - s, 4), s], 1)
hat = p.argmax(1)
band = np.digitize(age, [40, 60])
features = dict(sex=sex, scanner=scanner, age=band)

frames = {}
for name, columns in [('sex', ['sex']), ('scanner', ['scanner']), ('age', ['age']), ('sex+scanner', ['sex', 'scanner'])]:
    by = {column: features[column] for column in columns}
    of_label = MetricFrame(
        metrics=dict(sensitivity=sk.recall_score, precision=sk.precision_score, f1=sk.f1_score, accuracy=sk.accuracy_score,
                     falsePositiveRate=false_positive_rate, matthews=sk.matthews_corrcoef, samples=lambda t, h: len(t)),
        y_true=y, y_pred=hat, sensitive_features=by).by_group
    of_score = MetricFrame(metrics=dict(auc=sk.roc_auc_score, averagePrecision=sk.average_precision_score, brierScore=sk.brier_score_loss),
                           y_true=y, y_pred=s, sensitive_features=by).by_group
    frames[name] = [dict(group=[str(v) for v in (key if isinstance(key, tuple) else (key,))],
                         **{m: float(of_label.loc[key, m]) for m in of_label.columns}, **{m: float(of_score.loc[key, m]) for m in of_score.columns})
                    for key in of_label.index]


def group(column, value):
    mask = features[column] == value
    return y[mask], s[mask]


largest = {column: max(np.unique(features[column]), key=lambda v: (features[column] == v).sum()) for column in features}
tests = [dict(by=column, group=str(value), **unpaired(group(column, value), group(column, largest[column])))
         for column in features for value in np.unique(features[column]) if value != largest[column]]
for test, adjusted in zip(tests, multipletests([t['pValue'] for t in tests], method='holm')[1]):
    test['adjusted'] = float(adjusted)

found = lambda value: (hat == 1)[(scanner == value) & (y == 1)].astype(float)
boot = st.bootstrap((found('B'), found(largest['scanner'])), lambda a, b, axis: a.mean(axis) - b.mean(axis), vectorized=True,
                    paired=False, n_resamples=50000, method='percentile', random_state=0)

numbers = lambda v: v if not isinstance(v, (np.floating, np.integer)) else v.item()
print(json.dumps(dict(
    unpaired=cases,
    data=dict(labels=y.tolist(), scores=s.tolist(), sex=sex.tolist(), scanner=scanner.tolist(), age=[str(a) for a in age]),
    frames=frames, tests=tests, largest={k: str(v) for k, v in largest.items()},
    sensitivity=dict(by='scanner', group='B', difference=found('B').mean() - found(largest['scanner']).mean(),
                     interval=[boot.confidence_interval.low, boot.confidence_interval.high], standardError=boot.standard_error),
), default=numbers))
