"""Predicts images with the model in this folder: the probabilities and decisions that `eval predict` prints.

    python predict.py IMAGE... > predictions.csv
    python predict.py --self-test    compares the model with the numbers that were recorded when it was exported

The table has the columns of `eval predict`, but for those about the training images: it is not checked whether an image is
unlike them, or one of them. An image that cannot be read has its reason in the column `error`; the exit code is then 1.

Needs torch, numpy and opencv-python. Not a medical device.
"""

import argparse
import csv
import json
import sys
from pathlib import Path

import numpy as np
import torch

from model import load_model, normalize
from preprocess import ImageError, prepare, read_image

FOLDER = Path(__file__).parent
FILES = ('metadata.json', 'weights.safetensors')


def outputs(model, batch, metadata):
    """Logits, probabilities and, with a calibration, calibrated probabilities of prepared images, [batch, labels] each."""
    with torch.no_grad():
        logits = model(normalize(batch)).double()
    activate = torch.sigmoid if metadata['task'] == 'multilabel' else (lambda values: torch.softmax(values, 1))
    found = {'logits': logits, 'probabilities': activate(logits)}
    scale = metadata.get('calibration_of_logits')
    if scale is not None:
        slopes, intercepts = (torch.tensor(scale[name], dtype=torch.float64) for name in ('slopes', 'intercepts'))
        found['calibrated'] = activate(logits * slopes + intercepts)
    return {name: values.numpy() for name, values in found.items()}


def columns(metadata):
    """The titles of the table."""
    labels = metadata['labels']
    predicted = ['findings'] if metadata['task'] == 'multilabel' else ['prediction', 'probability']
    decided = [f'{kind}:{name}' for name in point_names(metadata) for kind in ('decision', 'margin')]

    def distinct(name):
        return distinct(f'{name}_') if name in labels else name

    return ['id', *labels, *map(distinct, [*predicted, *decided, 'error'])]


def point_names(metadata):
    """Names of the operating points: their classes, with the rule where several points have the same ones."""
    points = metadata.get('operating_points', [])
    names = ['+'.join(point['positive']) for point in points]
    return [name if names.count(name) == 1 else f'{name}:{rule(point["goal"])}' for name, point in zip(names, points)]


def rule(goal):
    """How a threshold was chosen."""
    if goal['kind'] in ('sensitivity', 'specificity'):
        return f'{goal["kind"]}>={goal["target"]}'
    if goal['kind'] == 'cost':
        return f'cost={goal["ratio"]}' + (f'@{goal["prevalence"]}' if 'prevalence' in goal else '')
    return goal['kind']


def cells(shown, metadata):
    """Probabilities, what is predicted, and each decision with its margin."""
    labels = metadata['labels']
    order = sorted(range(len(labels)), key=lambda label: -shown[label])
    if metadata['task'] == 'multilabel':
        predicted = ['|'.join(labels[label] for label in order if shown[label] >= 0.5)]
    else:
        predicted = [labels[order[0]], shown[order[0]]]
    decided = []
    for point in metadata.get('operating_points', []):
        margin = sum(shown[labels.index(label)] for label in point['positive']) - point['threshold']
        decided += ['yes' if margin >= 0 else 'no', margin]
    return [*shown, *predicted, *decided]


def predict(images, metadata):
    """Prints a row for each image. Returns the exit code: 1 if an image could not be read."""
    model = load_model(FOLDER / 'weights.safetensors')
    rows = csv.writer(sys.stdout, lineterminator='\n')
    titles = columns(metadata)
    rows.writerow(titles)
    failed = 0
    for image in images:
        # A spreadsheet would take such a name for a formula; with ./ it is still the same path.
        name = f'./{image}' if image[:1] in ('=', '+', '-', '@') else image
        try:
            batch = prepare(read_image(image, metadata['preprocessing']), metadata['preprocessing'])[None]
        except ImageError as error:
            failed += 1
            print(error, file=sys.stderr)
            rows.writerow([name, *[''] * (len(titles) - 2), error])
            continue
        shown = outputs(model, batch, metadata)[metadata.get('compared', 'probabilities')][0].tolist()
        rows.writerow([name, *cells(shown, metadata), ''])
    return 1 if failed else 0


def self_test(metadata):
    if not (FOLDER / 'golden.json').exists():
        print('There are no recorded numbers in this folder; `eval export --format pytorch` writes them.')
        return 2
    golden = json.loads((FOLDER / 'golden.json').read_text(encoding='utf-8'))
    model, preprocessing = load_model(FOLDER / 'weights.safetensors'), metadata['preprocessing']
    runs = [outputs(model, np.load(FOLDER / 'golden-input.npy'), metadata)]
    if golden['images'] is not None:
        batch = [prepare(read_image(FOLDER / image, preprocessing), preprocessing) for image in golden['images']]
        runs.append(outputs(model, np.stack(batch), metadata))
    passed = True
    for name, rows in golden['outputs'].items():
        expected = np.array(rows)
        scale = max(1, np.abs(expected).max()) if name == 'logits' else 1
        difference = max(float(np.abs(run[name] - expected).max() / scale) for run in runs)
        passed = passed and difference <= golden['tolerance']
        print(f'{name}: largest difference {difference:.1e}, allowed {golden["tolerance"]:.1e}')
    print('The self-test passed.' if passed else 'The self-test FAILED: do not use this model here.')
    return 0 if passed else 1


def main():
    parser = argparse.ArgumentParser(
        description='Prints probabilities and decisions for images as CSV, one row per image.',
        epilog='It does not say whether an image is unlike the training images, for which a model is not made, and reads no DICOM '
               'files: `npx nonlocal-med predict` with the folder of the run does both. Not a medical device.')
    parser.add_argument('images', nargs='*', help='JPEG, PNG, TIFF or WebP files')
    parser.add_argument('--self-test', action='store_true',
                        help='compare the model with the numbers that were recorded when it was exported')
    options = parser.parse_args()
    for name in FILES:
        if not (FOLDER / name).exists():
            parser.error(f'{FOLDER / name} is missing: copy the whole folder of the model')
    metadata = json.loads((FOLDER / 'metadata.json').read_text(encoding='utf-8'))
    if options.self_test:
        sys.exit(self_test(metadata))
    if not options.images:
        parser.error('give one or more images, or --self-test')
    sys.exit(predict(options.images, metadata))


if __name__ == '__main__':
    main()
