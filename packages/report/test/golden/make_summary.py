"""Numbers of SciPy, scikit-learn and statsmodels for the tests of tables, from the synthetic predictions of the tests:
NONLOCAL_MED_KEEP=FOLDER vitest run src/statistics/golden.test.ts; pip install scikit-learn scipy statsmodels pandas;
python make_summary.py FOLDER > summary.json
Made with scikit-learn 1.9.1, SciPy 1.17.1, statsmodels 0.15.0. Every pair of runs is compared by the definitions."""
import json, sys, warnings
from pathlib import Path
import numpy as np, pandas as pd, scipy.stats as st, sklearn.metrics as sk
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

warnings.simplefilter('ignore')
ROWS, REPEATS = ['resnet18', 'resnet18-se', 'resnet18-nla'], 5


def read(folder, row, repeat):
    frame = pd.read_csv(folder / f'runs/{row}/{repeat}/predictions/test-last.csv', float_precision='round_trip')
    classes = list(frame.columns[2:])
    return frame.truth.map(classes.index).to_numpy(), frame[classes].to_numpy()


def values(y, p):
    hat, k = p.argmax(1), p.shape[1]
    return dict(auc=sk.roc_auc_score(y, p, multi_class='ovr'), sensitivity=sk.recall_score(y, hat, average='macro'),
                accuracyOneVsRest=float(np.mean([((hat == c) == (y == c)).mean() for c in range(k)])), accuracy=sk.accuracy_score(y, hat),
                quadraticKappa=sk.cohen_kappa_score(y, hat, weights='quadratic'))


def components(y, p):
    psi, k = np.zeros(len(y)), p.shape[1]
    for i in range(len(y)):
        others = p[y != y[i], y[i]]
        psi[i] += ((p[i, y[i]] > others) + 0.5 * (p[i, y[i]] == others)).mean() / k
        for c in set(range(k)) - {y[i]}:
            own = p[y == c, c]
            psi[i] += ((own > p[i, c]) + 0.5 * (own == p[i, c])).mean() * (y == y[i]).sum() / (y != c).sum() / k
    return psi


def delong(y, psi, auc):
    z = auc / np.sqrt(sum(psi[y == c].var(ddof=1) / (y == c).sum() for c in np.unique(y)))
    return dict(z=z, p=2 * st.norm.sf(abs(z)))


def mid_p(y, p, q):
    a, b = p.argmax(1) == y, q.argmax(1) == y
    table = [[int((a & b).sum()), int((a & ~b).sum())], [int((~a & b).sum()), int((~a & ~b).sum())]]
    few, many = sorted([table[0][1], table[1][0]])
    point = st.binom.pmf(few, few + many, 0.5)
    return 1 - point / 2 if few == many else mcnemar(table, exact=True).pvalue - point


def experiment(folder, kind, train=540, test=60):
    runs = {row: [read(folder, row, r) for r in range(REPEATS)] for row in ROWS}
    metrics = {row: pd.DataFrame([values(*run) for run in own]) for row, own in runs.items()}
    result = dict(rows={row: {m: dict(mean=frame[m].mean(), deviation=frame[m].std(ddof=1)) for m in frame} for row, frame in metrics.items()}, comparisons={})
    for row in ROWS[1:]:
        own = {}
        for m in metrics[row]:
            a, b = metrics[row][m], metrics[ROWS[0]][m]
            if kind == 'seeds':
                t, p = st.ttest_rel(a, b)
            else:
                t = (a - b).mean() / np.sqrt((1 / REPEATS + test / train) * (a - b).var(ddof=1))
                p = 2 * st.t.sf(abs(t), REPEATS - 1)
            own[m] = dict(t=t, p=p)
        pairs = list(zip(runs[row], runs[ROWS[0]]))
        psis = [components(y, p) - components(y, q) for (y, p), (_, q) in pairs]
        gaps = metrics[row].auc - metrics[ROWS[0]].auc
        own['delong'] = [delong(y, psi, gap) for ((y, _), _), psi, gap in zip(pairs, psis, gaps)]
        own['mcnemar'] = [mid_p(y, p, q) for (y, p), (_, q) in pairs]
        if kind == 'seeds':
            own['delongOfAll'] = delong(pairs[0][0][0], np.mean(psis, axis=0), gaps.mean())
        result['comparisons'][row] = own
    for m in metrics[ROWS[0]]:
        adjusted = multipletests([result['comparisons'][row][m]['p'] for row in ROWS[1:]], method='holm')[1]
        for row, value in zip(ROWS[1:], adjusted):
            result['comparisons'][row][m]['holm'] = value
    return result


print(json.dumps({kind: experiment(Path(sys.argv[1]) / kind, kind) for kind in ['splits', 'seeds']}, indent=1))
