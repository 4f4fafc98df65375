"""Numbers of scikit-learn, SciPy, statsmodels and torchmetrics for the tests of this package:
pip install scikit-learn scipy statsmodels torch torchmetrics; python make_metrics.py > metrics.json
The DeLong numbers are the definition itself, all pairs compared; the distribution functions come from SciPy.
sklearn_auc.json beside this file: roc_auc_score of scikit-learn 1.9.1 on the labels and probabilities it holds."""
import json, warnings
import numpy as np, scipy, scipy.stats as st, sklearn, sklearn.metrics as sk, statsmodels, torch, torchmetrics
import torchmetrics.functional.classification as tm
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

warnings.simplefilter('ignore')
rng = np.random.default_rng(20240607)
nothing = lambda value: None if value is None or np.isnan(value) else float(value)
numbers = lambda values: [nothing(v) for v in values]


def draw(n, classes, decimals, sharpness=1.0, present=None):
    """Labels over the classes present and rows of probabilities that lean towards them; few decimals give ties."""
    present = list(range(classes)) if present is None else present
    y = np.array([present[i % len(present)] if i < 2 * len(present) else rng.choice(present) for i in range(n)])
    logits = rng.normal(size=(n, classes)) + sharpness * np.eye(classes)[y]
    p = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    p = np.round(p, decimals)
    p[:, -1] = np.round(1 - p[:, :-1].sum(1), decimals)
    assert (p >= 0).all()
    return y, p


def classification(name, y, p):
    k, labels = p.shape[1], list(range(p.shape[1]))
    hot, hat = np.eye(k)[y], p.argmax(1)
    m = sk.confusion_matrix(y, hat, labels=labels)
    tp = np.diag(m); fn = m.sum(1) - tp; fp = m.sum(0) - tp; tn = m.sum() - tp - fn - fp
    every = (m.sum(1) > 0).all()
    report = lambda f, **options: f(y, hat, labels=labels, average=None, zero_division=np.nan, **options)
    recall, precision, f1 = report(sk.recall_score), report(sk.precision_score), report(sk.f1_score)
    present = m.sum(1) > 0
    auc = [sk.roc_auc_score(hot[:, c], p[:, 1 if k == 2 else c] if not (k == 2 and c == 0) else -p[:, 1]) if 0 < m[c].sum() < len(y) else np.nan for c in labels]
    ap = [sk.average_precision_score(hot[:, c], p[:, c]) if present[c] else np.nan for c in labels]
    weights = m.sum(1) / m.sum()
    multi = lambda **options: float(sk.roc_auc_score(y, p, labels=labels, **options)) if every and k > 2 else None
    tensors = torch.tensor(p, dtype=torch.float64), torch.tensor(y)
    ece = lambda norm: float(tm.multiclass_calibration_error(*tensors, num_classes=k, n_bins=15, norm=norm))
    return dict(name=name, labels=y.tolist(), probabilities=p.tolist(), expected=dict(
        confusionMatrix=m.tolist(),
        accuracy=sk.accuracy_score(y, hat),
        accuracyOneVsRest=float(np.mean((tp + tn) / m.sum())),
        sensitivity=nothing(np.nanmean(recall)), sensitivities=numbers(recall),
        specificity=nothing(np.nanmean(tn / (tn + fp))), specificities=numbers(tn / (tn + fp)),
        precision=nothing(np.nanmean(precision)), precisions=numbers(precision),
        f1=nothing(np.nanmean(f1)), f1s=numbers(f1),
        balancedAccuracy=sk.balanced_accuracy_score(y, hat), adjustedBalancedAccuracy=nothing(sk.balanced_accuracy_score(y, hat, adjusted=True)),
        cohenKappa=nothing(sk.cohen_kappa_score(y, hat, labels=labels)), quadraticKappa=nothing(sk.cohen_kappa_score(y, hat, labels=labels, weights='quadratic')),
        matthews=sk.matthews_corrcoef(y, hat),
        auc=auc[1] if k == 2 else nothing(np.nanmean(auc)), aucs=numbers(auc),
        aucMacroOfLibrary=multi(multi_class='ovr', average='macro'), aucWeightedOfLibrary=multi(multi_class='ovr', average='weighted'), aucHandTillOfLibrary=multi(multi_class='ovo', average='macro'),
        averagePrecision=ap[1] if k == 2 else nothing(np.nanmean(ap)), averagePrecisions=numbers(ap),
        logLoss=sk.log_loss(y, p, labels=labels),
        brierScore=sk.brier_score_loss(y, p[:, 1]) if k == 2 else sk.brier_score_loss(y, p, labels=labels),
        calibrationError=equal_width(y, p)[0], maximumCalibrationError=equal_width(y, p)[1],
        calibrationErrorOfLibrary=ece('l1'), maximumCalibrationErrorOfLibrary=ece('max')))


def placements(x, y):
    """All pairs: 1 where x is larger, 1/2 where they tie."""
    return (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])


def macro_components(y, p):
    k, n = p.shape[1], len(y)
    psi, aucs, present = np.zeros(n), [], np.unique(y)
    for c in present:
        pairs = placements(p[y == c, c], p[y != c, c])
        aucs.append(pairs.mean())
        psi[y == c] += pairs.mean(1)
        psi[y != c] += pairs.mean(0) * np.array([(y == g).sum() for g in y[y != c]]) / (y != c).sum()
    return np.mean(aucs), psi / len(present)


def macro_variance(y, psi):
    return sum(psi[y == c].var(ddof=1) / (y == c).sum() for c in np.unique(y))


def delong(y, a, b):
    parts = [placements(s[y == 1], s[y == 0]) for s in (a, b)]
    v10, v01 = np.array([q.mean(1) for q in parts]), np.array([q.mean(0) for q in parts])
    s = np.cov(v10) / v10.shape[1] + np.cov(v01) / v01.shape[1]
    aucs = [q.mean() for q in parts]
    error = np.sqrt(s[0, 0] + s[1, 1] - 2 * s[0, 1])
    z = (aucs[0] - aucs[1]) / error
    return dict(labels=y.tolist(), a=a.tolist(), b=b.tolist(), aucs=aucs, variances=[s[0, 0], s[1, 1]], standardError=error, z=z, pValue=2 * st.norm.sf(abs(z)))


def macro_delong(y, p, q):
    (auc_a, psi_a), (auc_b, psi_b) = macro_components(y, p), macro_components(y, q)
    error = np.sqrt(macro_variance(y, psi_a - psi_b))
    return dict(labels=y.tolist(), a=p.tolist(), b=q.tolist(), aucs=[auc_a, auc_b], variances=[macro_variance(y, psi_a), macro_variance(y, psi_b)],
                standardError=error, z=(auc_a - auc_b) / error, pValue=2 * st.norm.sf(abs(auc_a - auc_b) / error))


def curves(y, s):
    fpr, tpr, thresholds = sk.roc_curve(y, s, drop_intermediate=False)
    precision, recall, cuts = sk.precision_recall_curve(y, s)
    return dict(labels=y.tolist(), scores=s.tolist(), fpr=fpr.tolist(), tpr=tpr.tolist(), thresholds=thresholds[1:].tolist(), corners=len(sk.roc_curve(y, s)[0]),
                precision=precision[::-1].tolist(), recall=recall[::-1].tolist(), cuts=cuts[::-1].tolist())


def equal_width(y, p, count=15):
    """ECE and maximum over bins (b / count, (b + 1) / count], in float64; torchmetrics computes in float32 and closes bins below."""
    confidence, right = p.max(1), p.argmax(1) == y
    inside = [(confidence > b / count) & (confidence <= (b + 1) / count) for b in range(count)]
    gaps = [(abs(right[i].mean() - confidence[i].mean()), i.mean()) for i in inside if i.any()]
    return sum(g * w for g, w in gaps), max(g for g, _ in gaps)


def equal_mass(y, p, count):
    """Cut points at the confidences where each further share is complete; a bin is (cut, next cut]."""
    confidence, right = p.max(1), p.argmax(1) == y
    ranked = np.sort(confidence)
    cuts = sorted({ranked[int(np.floor(b * len(y) / count + 0.5)) - 1] for b in range(1, count)} - {ranked[-1]})
    bins = np.searchsorted(cuts, confidence, side='left')
    gaps = {b: (abs(right[bins == b].mean() - confidence[bins == b].mean()), (bins == b).mean()) for b in np.unique(bins)}
    return dict(labels=y.tolist(), probabilities=p.tolist(), count=count, bins=len(gaps), expected=sum(g * w for g, w in gaps.values()), maximum=max(g for g, _ in gaps.values()))


def mcnemar_case(only_a, only_b):
    point = st.binom.pmf(min(only_a, only_b), only_a + only_b, 0.5)
    exact = mcnemar([[5, only_a], [only_b, 7]], exact=True).pvalue
    return dict(onlyA=only_a, onlyB=only_b, exact=exact, mid=1 - point / 2 if only_a == only_b else exact - point)


def t_case(a, b, train, test):
    paired = st.ttest_rel(a, b)
    low, high = paired.confidence_interval(0.95)
    d, j = np.subtract(a, b), len(a)
    t = d.mean() / np.sqrt((1 / j + test / train) * d.var(ddof=1))
    return dict(a=list(a), b=list(b), t=paired.statistic, pValue=paired.pvalue, lower=low, upper=high, train=train, test=test, correctedT=t, correctedP=2 * st.t.sf(abs(t), j - 1))


def bca_case():
    x, y = rng.gamma(2, size=14), rng.gamma(3, size=9)
    result = st.bootstrap((x, y), lambda a, b, axis: a.mean(axis) / b.mean(axis), n_resamples=499, method='BCa', random_state=3, vectorized=True)
    plain = st.bootstrap((x, y), lambda a, b, axis: a.mean(axis) / b.mean(axis), n_resamples=0, bootstrap_result=result, method='percentile', vectorized=True)
    leave = [np.delete(x, i).mean() / y.mean() for i in range(len(x))] + [x.mean() / np.delete(y, i).mean() for i in range(len(y))]
    return dict(replicates=result.bootstrap_distribution.tolist(), estimate=x.mean() / y.mean(), leaveOneOut=leave, strata=[len(x), len(y)],
                bca=list(result.confidence_interval), percentile=list(plain.confidence_interval), standardError=result.standard_error)


binary, three, four, five = draw(60, 2, 2), draw(50, 3, 2), draw(90, 4, 3), draw(70, 5, 6, 2.0)
second = np.round((four[1] + draw(90, 4, 3)[1]) / 2, 4)
p_values = [0.012, 0.2, 0.0004, 0.03, 0.03, 0.9, 0.049]
z = [-37.5, -12.0, -8.3, -4.2, -1.96, -0.5, -1e-3, 0.0, 0.3, 1.0, 2.5, 6.0]
shares = [1e-12, 1e-5, 0.001, 0.025, 0.2, 0.5, 0.6, 0.975, 0.9995]
json.dump(dict(
    versions=dict(numpy=np.__version__, scipy=scipy.__version__, sklearn=sklearn.__version__, statsmodels=statsmodels.__version__, torchmetrics=torchmetrics.__version__),
    distributions=dict(
        normal=[[x, st.norm.cdf(x), st.norm.sf(x)] for x in z],
        normalQuantile=[[q, st.norm.ppf(q)] for q in shares],
        student=[[x, d, st.t.cdf(x, d), st.t.sf(x, d)] for x in z for d in (1, 2.5, 4, 30, 1000)],
        studentQuantile=[[q, d, st.t.ppf(q, d)] for q in shares[1:] for d in (1, 2.5, 4, 30, 1000)],
        chiSquared=[[x, d, st.chi2.cdf(x, d), st.chi2.sf(x, d)] for x in (1e-3, 0.4, 1, 3.84, 20, 200) for d in (1, 2, 7.5, 60)],
        chiSquaredQuantile=[[q, d, st.chi2.ppf(q, d)] for q in shares for d in (1, 2, 7.5, 60)],
        beta=[[x, a, b, st.beta.cdf(x, a, b), st.beta.sf(x, a, b)] for x in (1e-6, 0.03, 0.3, 0.5, 0.77, 0.999) for a, b in ((0.5, 0.5), (1, 3), (2.5, 14), (80, 40), (3000, 2000))],
        betaQuantile=[[q, a, b, st.beta.ppf(q, a, b)] for q in (1e-5, 0.025, 0.5, 0.975) for a, b in ((0.5, 0.5), (1, 3), (2.5, 14), (80, 40), (3000, 2000))],
        binomial=[[k, n, p, st.binom.cdf(k, n, p), st.binom.pmf(k, n, p)] for k, n, p in ((0, 5, 0.5), (2, 5, 0.5), (5, 5, 0.5), (3, 40, 0.1), (20, 40, 0.5), (450, 1000, 0.5), (499, 1000, 0.5))]),
    classification=[classification('two classes with ties', *binary), classification('three classes with ties', *three), classification('four classes', *four),
                    classification('five classes', *five), classification('a class absent from the truth', *draw(40, 4, 2, present=[0, 1, 3])),
                    classification('a class never predicted', three[0], np.column_stack([three[1][:, 0] / 2 + 0.5, three[1][:, 1:] / 2]))],
    curves=curves(binary[0], binary[1][:, 1]),
    equalMass=[equal_mass(*five, 10), equal_mass(*binary, 8)],
    delong=[delong(binary[0], binary[1][:, 1], np.round(binary[1][:, 1] + rng.normal(scale=0.2, size=60), 2)), delong(binary[0], rng.normal(size=60), binary[0] + rng.normal(size=60))],
    macroDelong=[macro_delong(four[0], four[1], second), macro_delong(three[0], three[1], draw(50, 3, 2)[1])],
    mcnemar=[mcnemar_case(*pair) for pair in ((1, 7), (0, 6), (4, 4), (12, 5), (140, 101), (0, 1))],
    tTests=[t_case([0.91, 0.93, 0.88, 0.95, 0.9], [0.89, 0.9, 0.89, 0.91, 0.88], 1080, 120), t_case([0.5, 0.7], [0.6, 0.65], 90, 10)],
    proportions=[dict(successes=s, trials=n, confidence=c, **{f'{name}': list(proportion_confint(s, n, alpha=1 - c, method=method)) for name, method in (('wilson', 'wilson'), ('exact', 'beta'))})
                 for s, n in ((0, 10), (10, 10), (3, 7), (97, 120), (1, 400)) for c in (0.95, 0.9)],
    corrections=dict(pValues=p_values, holm=multipletests(p_values, method='holm')[1].tolist(), benjaminiHochberg=multipletests(p_values, method='fdr_bh')[1].tolist()),
    bca=bca_case(),
), __import__('sys').stdout)
