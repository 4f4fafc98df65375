"""Recomputes what nonlocal-med says of its test images, from the predictions on disk, with scikit-learn, SciPy and statsmodels.

    pip install numpy scipy scikit-learn statsmodels
    python benchmarks/recompute.py RUN                                   every metric of metrics.json
    python benchmarks/recompute.py EXPERIMENT                            the same, of all its runs
    python benchmarks/recompute.py EXPERIMENT --table table.json --table table.csv
                                                                         also what `eval compare EXPERIMENT --out ...` wrote

Prints the largest difference of each kind of number and ends with 1 when one is above 1e-12 (relative to the number where
that is above 1). Not recomputed: what rests on random resamples (bootstrap intervals and their p-values; Holm's correction
of those is). Written against scikit-learn 1.9.1, SciPy 1.17.1, statsmodels 0.15.0, NumPy 2.4.6."""
import argparse, csv, json, math, sys, warnings
from collections import defaultdict
from pathlib import Path
import numpy as np, scipy.stats as st, sklearn.metrics as sk
from statsmodels.stats.multitest import multipletests

TOLERANCE = 1e-12
PUBLISHED = {'auc': 'AUC', 'sensitivity': 'SEN', 'accuracyOneVsRest': 'ACC'}
differences = defaultdict(lambda: (0.0, ''))
counts = defaultdict(int)


def compare(kind, where, ours, theirs):
    """Notes the distance of a number of ours (None: not defined) from the recomputed one (None or NaN: not defined)."""
    theirs = None if theirs is None or (isinstance(theirs, float) and math.isnan(theirs)) else theirs
    distance = 0.0 if ours is None and theirs is None else math.inf if ours is None or theirs is None else abs(ours - theirs) / max(1.0, abs(theirs))
    counts[kind] += 1
    if distance >= differences[kind][0]:
        differences[kind] = (distance, f'{where}: {ours} recorded, {theirs} recomputed')


# One run ------------------------------------------------------------------------------------------------------------

def read_predictions(file):
    """Ids, truths (class indices) and probabilities [images, classes]; images without a known truth are left out. Of several
    findings per image truths are [images, findings]: 1, 0, or -1 where it is not known."""
    with open(file, newline='', encoding='utf-8') as stream:
        (_, *columns), *rows = csv.reader(stream)
    if columns[0].startswith('truth:'):
        k = len(columns) // 2
        y = np.array([[-1 if truth == '' else int(truth) for truth in row[1:k + 1]] for row in rows], dtype=int)
        return np.array([row[0] for row in rows]), y, np.array([[float(value) for value in row[k + 1:]] for row in rows]), columns[k:]
    classes = columns[1:]
    known = [row for row in rows if row[1] != '']
    y = np.array([classes.index(truth) for _, truth, *_ in known], dtype=int)
    return np.array([row[0] for row in known]), y, np.array([[float(value) for value in row[2:]] for row in known]), classes


def ratio(a, b):
    return np.divide(a, b, out=np.full(len(a), np.nan), where=b > 0)


def mean_of_defined(values):
    return float(np.nanmean(values)) if np.isfinite(values).any() else None


def expected_calibration_error(y, p, bins=15):
    confidence, right = p.max(1), p.argmax(1) == y
    edges = [b / bins for b in range(bins + 1)]
    inside = [(confidence > low) & (confidence <= high) for low, high in zip(edges, edges[1:])]
    return float(sum(abs(right[i].mean() - confidence[i].mean()) * i.mean() for i in inside if i.any()))


def metrics_of(y, p):
    """Every metric of a run, and every metric of each class."""
    k, labels = p.shape[1], list(range(p.shape[1]))
    hot, hat = np.eye(k)[y], p.argmax(1)
    matrix = sk.confusion_matrix(y, hat, labels=labels)
    tp = np.diag(matrix).astype(float); fn = matrix.sum(1) - tp; fp = matrix.sum(0) - tp; tn = matrix.sum() - tp - fn - fp
    present = matrix.sum(1)
    both = [0 < m < len(y) for m in present]
    each = lambda f: f(y, hat, labels=labels, average=None, zero_division=np.nan)
    per_class = dict(
        auc=np.array([sk.roc_auc_score(hot[:, c], p[:, c]) if both[c] else np.nan for c in labels]),
        sensitivity=each(sk.recall_score), specificity=ratio(tn, tn + fp), precision=each(sk.precision_score), f1=each(sk.f1_score),
        averagePrecision=np.array([sk.average_precision_score(hot[:, c], p[:, c]) if present[c] > 0 else np.nan for c in labels]))
    defined = np.isfinite(per_class['auc'])
    overall = {name: mean_of_defined(per_class[name]) for name in ['auc', 'sensitivity', 'specificity', 'precision', 'f1', 'averagePrecision']}
    if k == 2:
        overall['averagePrecision'] = per_class['averagePrecision'][1]
    overall |= dict(
        aucWeighted=float(np.average(per_class['auc'][defined], weights=present[defined])) if defined.any() else None,
        accuracy=sk.accuracy_score(y, hat), accuracyOneVsRest=float(np.mean((tp + tn) / matrix.sum())),
        balancedAccuracy=sk.balanced_accuracy_score(y, hat), cohenKappa=sk.cohen_kappa_score(y, hat, labels=labels),
        quadraticKappa=sk.cohen_kappa_score(y, hat, labels=labels, weights='quadratic'), matthews=sk.matthews_corrcoef(y, hat) if len(set(hat)) > 1 and len(set(y)) > 1 else None,  # 0 / 0, which scikit-learn calls 0
        logLoss=sk.log_loss(y, p, labels=labels), brierScore=sk.brier_score_loss(y, p[:, 1]) if k == 2 else sk.brier_score_loss(y, p, labels=labels),
        calibrationError=expected_calibration_error(y, p))
    if (present > 0).all():
        overall['aucHandTill'] = per_class['auc'][1] if k == 2 else sk.roc_auc_score(y, p, labels=labels, multi_class='ovo', average='macro')
    return overall, per_class, matrix


def finding_of(y, p, threshold):
    """Every metric of one finding, or of the labels of several, on the labels that are known."""
    y, p = y[y >= 0], p[y >= 0]
    called, both = (p >= threshold).astype(int), 0 < y.sum() < len(y)
    rate = lambda f, **options: f(y, called, zero_division=np.nan, **options) if len(y) else np.nan
    bins = np.searchsorted(np.linspace(0, 1, 16)[1:-1], p)
    return dict(
        auc=sk.roc_auc_score(y, p) if both else np.nan, sensitivity=rate(sk.recall_score), specificity=rate(sk.recall_score, pos_label=0),
        precision=rate(sk.precision_score), f1=rate(sk.f1_score), averagePrecision=sk.average_precision_score(y, p) if y.sum() else np.nan,
        brierScore=sk.brier_score_loss(y, p, pos_label=1) if len(y) else np.nan,
        calibrationError=sum(abs(y[bins == b].mean() - p[bins == b].mean()) * (bins == b).mean() for b in set(bins)) if len(y) else np.nan)


def findings_of(y, p, names, thresholds=None):
    """Every metric under its name in tables: the mean over findings (auc), over all labels (micro auc), of each (auc of x)."""
    each = [finding_of(y[:, f], p[:, f], 0.5 if thresholds is None else thresholds[f]) for f in range(len(names))]
    pooled = finding_of(y.ravel(), p.ravel(), 0.5)
    return {name: mean_of_defined([found[name] for found in each]) for name in each[0]} \
        | {f'micro {name}': pooled[name] for name in ['auc', 'averagePrecision']} \
        | {f'{name} of {finding}': found[name] for finding, found in zip(names, each) for name in found}


def summary_of(y, p, names):
    return findings_of(y, p, names) if y.ndim == 2 else metrics_of(y, p)[0]


def check_findings(report, where, y, p, names):
    """The part of metrics.json about either weights of a run of several findings."""
    assert names == report['findings'] and len(y) == report['samples'], f'{where}: other findings or images than metrics.json'
    found = findings_of(y, p, names, [own['threshold'] for own in report['perFinding']])
    for name, estimate in report['macro'].items():
        compare('metrics.json, means', f'{where}, {name}', estimate['value'], found[name])
    for name, estimate in report['micro'].items():
        compare('metrics.json, all labels', f'{where}, micro {name}', estimate['value'], found[f'micro {name}'])
    for f, (name, own) in enumerate(zip(names, report['perFinding'])):
        for metric in report['macro']:
            compare('metrics.json, findings', f'{where}, {metric} of {name}', own[metric]['value'], found[f'{metric} of {name}'])
        for count, label in [('positives', 1), ('negatives', 0), ('unknown', -1)]:
            compare('labels', f'{where}, {count} of {name}', own[count], int((y[:, f] == label).sum()))


def check_run(folder):
    """All of a run's metrics.json. Returns True when there is one."""
    file = folder / 'metrics.json'
    if not file.exists():
        print(f'{folder}: not tested, left out')
        return False
    recorded = json.loads(file.read_text())
    for weights in ['last', 'selected']:
        if weights not in recorded:
            continue
        report, where = recorded[weights], f'{folder.name}, {weights}'
        _, y, p, classes = read_predictions(folder / f'predictions/test-{weights}.csv')
        if recorded.get('task') == 'multilabel':
            check_findings(report, where, y, p, classes)
            continue
        assert classes == report['classes'] and len(y) == report['samples'], f'{where}: other classes or images than metrics.json'
        overall, per_class, matrix = metrics_of(y, p)
        for name, estimate in report['metrics'].items():
            if name in overall:
                compare('metrics.json', f'{where}, {name}', estimate['value'], overall[name])
        for c, own in enumerate(report['perClass']):
            for name in per_class:
                compare('metrics.json, classes', f'{where}, {own["class"]}, {name}', own[name]['value'], float(per_class[name][c]))
        for c, row in enumerate(matrix):
            for t, value in enumerate(row):
                compare('confusion matrices', f'{where}, [{c}, {t}]', report['confusionMatrix'][c][t], int(value))
    return True


# Two runs on the same images ----------------------------------------------------------------------------------------

def placements(x, y):
    """All pairs: 1 where x is larger, 1/2 where they tie."""
    return (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])


def auc_components(y, p):
    """Macro AUC and each image's share in it: DeLong's components, extended to several classes."""
    psi, aucs, present = np.zeros(len(y)), [], np.unique(y)
    for c in present:
        pairs = placements(p[y == c, c], p[y != c, c])
        aucs.append(pairs.mean())
        psi[y == c] += pairs.mean(1)
        psi[y != c] += pairs.mean(0) * np.array([(y == g).sum() for g in y[y != c]]) / (y != c).sum()
    return np.mean(aucs), psi / len(present)


def delong(y, many_a, many_b):
    """z and p of the difference of two AUCs on the same images; several models a side are averaged."""
    sides = [[auc_components(y, p) for p in many] for many in (many_a, many_b)]
    (auc_a, psi_a), (auc_b, psi_b) = [(np.mean([auc for auc, _ in side]), np.mean([psi for _, psi in side], axis=0)) for side in sides]
    psi = psi_a - psi_b
    error = math.sqrt(sum(psi[y == c].var(ddof=1) / (y == c).sum() for c in np.unique(y)))
    z = (auc_a - auc_b) / error if error > 0 else 0.0
    return z, 2 * st.norm.sf(abs(z))


def delong_of_finding(y, p, q, finding):
    known = y[:, finding] >= 0
    binary = lambda values: np.stack([1 - values[known, finding], values[known, finding]], 1)
    return delong(y[known, finding], [binary(p)], [binary(q)])[1]


def y_of(pairs):
    return pairs[min(pairs)][0]


def mcnemar(y, p, q):
    a, b = p.argmax(1) == y, q.argmax(1) == y
    only_a, only_b = int((a & ~b).sum()), int((b & ~a).sum())
    if only_a + only_b == 0:
        return 1.0
    point = st.binom.pmf(min(only_a, only_b), only_a + only_b, 0.5)
    return 1 - point / 2 if only_a == only_b else min(1.0, 2 * st.binom.cdf(min(only_a, only_b), only_a + only_b, 0.5)) - point


def over_repeats(a, b, kind, train, test):
    """t, p and the 95 % interval of a difference over repeats; None where it is not defined."""
    d, count = np.subtract(a, b), len(a)
    if count < 2 or d.std(ddof=1) <= 1e-13 * max(np.abs(a).max(), np.abs(b).max()):
        return None
    if kind == 'seeds':
        paired = st.ttest_rel(a, b)
        low, high = paired.confidence_interval(0.95)
        return paired.statistic, paired.pvalue, low, high
    error = math.sqrt((1 / count + np.mean(test) / np.mean(train)) * d.var(ddof=1))
    reach = st.t.ppf(0.975, count - 1) * error
    t = d.mean() / error
    return t, 2 * st.t.sf(abs(t), count - 1), d.mean() - reach, d.mean() + reach


def holm(values):
    defined = [v for v in values if v is not None]
    adjusted = iter(multipletests(defined, method='holm')[1]) if defined else iter([])
    return [None if v is None else float(next(adjusted)) for v in values]


# A table ------------------------------------------------------------------------------------------------------------

class Experiment:
    def __init__(self, folder):
        self.folder = folder
        self.manifest = json.loads((folder / 'experiment.json').read_text())
        self.kind, self.count = self.manifest['repeats']['kind'], self.manifest['repeats']['count']
        self.rows = {row['key']: row for row in self.manifest['rows']}
        self.places = {(run['row'], run['repeat']): folder / run['folder'] for run in self.manifest['runs']}

    def results(self, weights):
        """By row and repeat: truths by id, probabilities by id, metrics, sizes of the sides."""
        found = {}
        for key, place in self.places.items():
            file = place / f'predictions/test-{weights}.csv'
            if (place / 'metrics.json').exists() and file.exists():
                ids, y, p, names = read_predictions(file)
                images = json.loads((place / 'metrics.json').read_text())['images']
                found[key] = dict(ids=ids, y=y, p=p, names=names, metrics=summary_of(y, p, names), train=images['train'], test=len(y))
        return found


def align(a, b):
    """Truths and both runs' probabilities in the first one's order; None when they were tested on other images."""
    order = {image: i for i, image in enumerate(b['ids'])}
    if set(order) != set(a['ids']):
        return None
    rows = [order[image] for image in a['ids']]
    return a['y'], a['p'], b['p'][rows]


def check_table(experiment, table):
    """A table as `eval compare --format json` writes it (or the same, read from CSV)."""
    results, kind, tests = experiment.results(table['weights']), experiment.kind, {'overRepeats': {}, 'onImages': {}, 'perRepeat': {}}
    for row in table['rows']:
        key, where = row['key'], f'{table["name"]}, {row["key"]}'
        mine = {repeat: results[key, repeat] for repeat in range(experiment.count) if (key, repeat) in results}
        for metric, summary in row['metrics'].items():
            values = [mine[r]['metrics'].get(metric) if r in mine else None for r in range(experiment.count)]
            values = [None if v is None or math.isnan(v) else v for v in values]
            for r, value in enumerate(values):
                compare('values of tables', f'{where}, {metric}, repeat {r}', summary['values'][r], value)
            defined = [v for v in values if v is not None]
            compare('means and deviations', f'{where}, {metric}, mean', summary['mean'], float(np.mean(defined)) if defined else None)
            compare('means and deviations', f'{where}, {metric}, deviation', summary['deviation'], float(np.std(defined, ddof=1)) if len(defined) > 1 else None)
            if metric in PUBLISHED and row['published'] is not None:
                for ours, printed in zip(row['published'][PUBLISHED[metric]], experiment.rows[key]['published'][PUBLISHED[metric]]):
                    compare('published numbers', f'{where}, {metric}', ours, printed)
        if row['comparison'] is not None:
            other = {repeat: results[row['comparison']['baseline'], repeat] for repeat in range(experiment.count) if (row['comparison']['baseline'], repeat) in results}
            check_comparison(where, key, row['comparison']['metrics'], mine, other, kind, tests)
    check_corrections(table, tests)


def check_comparison(where, key, comparison, mine, other, kind, tests):
    pairs = {r: aligned for r in sorted(mine.keys() & other.keys()) if (aligned := align(mine[r], other[r])) is not None}
    for metric, ours in comparison.items():
        place = f'{where}, {metric}'
        both = [r for r in pairs if all(side[r]['metrics'].get(metric) is not None and not math.isnan(side[r]['metrics'][metric]) for side in (mine, other))]
        a, b = ([side[r]['metrics'][metric] for r in both] for side in (mine, other))
        compare('differences', place, ours['mean'], float(np.mean(np.subtract(a, b))) if both else None)
        compare('differences', f'{place}, deviation', ours['deviation'], float(np.std(np.subtract(a, b), ddof=1)) if len(both) > 1 else None)
        expected = over_repeats(a, b, kind, [mine[r]['train'] for r in both], [mine[r]['test'] for r in both])
        if expected is not None:
            for name, value in zip(['statistic', 'pValue', 'lower', 'upper'], expected):
                compare('t tests over repeats', f'{place}, {name}', ours['overRepeats'][name], float(value))
        tests['overRepeats'][key, metric] = ours['overRepeats']
        if ours['onImages'] is not None:
            tests['onImages'][key, metric] = ours['onImages']
            if metric == 'auc' and y_of(pairs).ndim == 1:
                y = y_of(pairs)
                ordered = [(align(mine[min(pairs)], mine[r])[2], align(mine[min(pairs)], other[r])[2]) for r in pairs]
                z, p = delong(y, [one for one, _ in ordered], [two for _, two in ordered])
                compare("DeLong's test", f'{place}, all seeds, z', ours['onImages']['statistic'], z)
                compare("DeLong's test", f'{place}, all seeds, p', ours['onImages']['pValue'], p)
        for r, test in enumerate(ours['perRepeat']):
            tests['perRepeat'][key, metric, r] = test
            if test is None:
                continue
            if pairs[r][0].ndim == 2:
                if test['test'] == 'DeLong':
                    finding = mine[r]['names'].index(metric.removeprefix('auc of '))
                    compare("DeLong's test", f'{place}, repeat {r}', test['pValue'], delong_of_finding(*pairs[r], finding))
            elif metric == 'auc':
                compare("DeLong's test", f'{place}, repeat {r}', test['pValue'], delong(pairs[r][0], [pairs[r][1]], [pairs[r][2]])[1])
            else:
                compare("McNemar's test", f'{place}, repeat {r}', test['pValue'], mcnemar(*pairs[r]))


def check_corrections(table, tests):
    family = lambda metric: 'auc of' if metric.startswith('auc of ') else metric  # all findings together
    for name, found in tests.items():
        for metric in {family(key[1]) for key in found}:
            own = [(key, test) for key, test in found.items() if family(key[1]) == metric and test is not None]
            for (key, test), adjusted in zip(own, holm([test['pValue'] for _, test in own])):
                compare("Holm's correction", f'{table["name"]}, {key}, {name}', test['adjusted'], adjusted)


def table_of_csv(file):
    """The same structure as the JSON's, from the CSV's columns."""
    with open(file, newline='', encoding='utf-8') as stream:
        lines = list(csv.DictReader(stream))
    number = lambda text: None if text == '' else float(text)
    rows = {}
    for line in lines:
        repeats = sum(name.startswith('value_') for name in line)
        row = rows.setdefault(line['row'], dict(key=line['row'], metrics={}, published=None, comparison=None if line['baseline'] == '' else dict(baseline=line['baseline'], metrics={})))
        row['metrics'][line['metric']] = dict(values=[number(line[f'value_{r + 1}']) for r in range(repeats)], mean=number(line['mean']), deviation=number(line['deviation']))
        if line['published_mean'] != '':
            row['published'] = (row['published'] or {}) | {PUBLISHED[line['metric']]: [number(line['published_mean']), number(line['published_deviation'])]}
        if row['comparison'] is not None:
            test = lambda prefix: None if line[f'{prefix}_test'] == '' else dict(statistic=number(line[f'{prefix}_statistic']), pValue=number(line[f'{prefix}_p']), adjusted=number(line[f'{prefix}_p_holm']), lower=number(line[f'{prefix}_lower']), upper=number(line[f'{prefix}_upper']))
            each = [None if line[f'p_{r + 1}'] == '' else dict(test=line.get(f'test_{r + 1}'), pValue=number(line[f'p_{r + 1}']), adjusted=number(line[f'p_holm_{r + 1}'])) for r in range(repeats)]
            row['comparison']['metrics'][line['metric']] = dict(mean=number(line['difference']), deviation=number(line['difference_deviation']), overRepeats=test('repeats'), onImages=test('images'), perRepeat=each)
    return dict(name=lines[0]['table'], weights=lines[0]['weights'], rows=list(rows.values()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folder', type=Path, help='a run or an experiment')
    parser.add_argument('--table', type=Path, action='append', default=[], help='a table of the experiment as JSON or CSV')
    options = parser.parse_args()
    warnings.simplefilter('ignore')
    if (options.folder / 'experiment.json').exists():
        experiment = Experiment(options.folder)
        checked = sum(check_run(place) for place in experiment.places.values())
        for file in options.table:
            check_table(experiment, table_of_csv(file) if file.suffix == '.csv' else json.loads(file.read_text()))
    elif options.table:
        parser.error('--table belongs to the folder of an experiment')
    else:
        checked = int(check_run(options.folder))
    print(f'{checked} runs, {len(options.table)} tables')
    for kind, (distance, where) in differences.items():
        print(f'{kind:24} {counts[kind]:6} numbers, largest difference {distance:.1e}' + (f'  {where}' if distance > TOLERANCE else ''))
    largest = max((distance for distance, _ in differences.values()), default=math.inf)
    print(f'largest difference {largest:.1e}' if differences else 'nothing was compared')
    return 0 if largest <= TOLERANCE else 1


if __name__ == '__main__':
    sys.exit(main())
