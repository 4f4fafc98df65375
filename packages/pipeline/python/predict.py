"""Predicts images with the model in this folder: the probabilities that `eval predict` prints.

    python predict.py IMAGE...       a CSV table
    python predict.py --self-test    compares the model with the numbers that were recorded when it was exported

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


def outputs(model, batch, metadata):
    """Logits, probabilities and, with a calibration, calibrated probabilities of prepared images, [batch, labels] each."""
    with torch.no_grad():
        logits = model(normalize(batch)).double()
    activate = torch.sigmoid if metadata['task'] == 'multilabel' else (lambda values: torch.softmax(values, 1))
    found = {'logits': logits, 'probabilities': activate(logits)}
    scale = metadata.get('calibration_of_logits')
    if scale is not None:
        found['calibrated'] = activate(logits * torch.tensor(scale['slopes']) + torch.tensor(scale['intercepts']))
    return {name: values.numpy() for name, values in found.items()}


def predicted(probabilities, metadata):
    """The most probable class, or the findings with a probability of at least 0.5."""
    labels = metadata['labels']
    if metadata['task'] == 'multilabel':
        return ' + '.join(label for label, p in zip(labels, probabilities) if p >= 0.5)
    return labels[int(np.argmax(probabilities))]


def cell(text):
    """Text for a CSV cell that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in ('=', '+', '-', '@', '\t', '\r') else text


def predict(images, metadata):
    """Prints a row for each image. Images that cannot be read are named, and cost no other result.

    Returns the exit code: 1 if an image could not be read.
    """
    model = load_model(FOLDER / 'weights.safetensors')
    points = metadata.get('operating_points', [])
    rows = csv.writer(sys.stdout, lineterminator='\n')
    decisions = [f'{" + ".join(point["positive"])} {text}' for point in points for text in ('positive', 'margin')]
    rows.writerow(map(cell, ['image', 'predicted', *metadata['labels'], *decisions]))
    failed = 0
    for image in images:
        try:
            batch = prepare(read_image(image, metadata['preprocessing']), metadata['preprocessing'])[None]
        except ImageError as error:
            failed += 1
            print(error, file=sys.stderr)
            continue
        found = outputs(model, batch, metadata)
        shown = found[metadata.get('compared', 'probabilities')][0]
        row = [cell(image), cell(predicted(shown, metadata)), *(f'{p:.6f}' for p in shown)]
        for point in points:
            score = sum(shown[metadata['labels'].index(label)] for label in point['positive'])
            margin = score - point['threshold']
            row += ['yes' if margin >= 0 else 'no', f'{margin:.6f}']
        rows.writerow(row)
    return 1 if failed else 0


def self_test(metadata):
    if not (FOLDER / 'golden.json').exists():
        print('There are no recorded numbers in this folder; `eval export --format pytorch` writes them.')
        return 2
    golden = json.loads((FOLDER / 'golden.json').read_text())
    model = load_model(FOLDER / 'weights.safetensors')
    found = outputs(model, np.load(FOLDER / 'golden-input.npy'), metadata)
    if golden['images'] is not None:
        batch = [prepare(read_image(FOLDER / image, metadata['preprocessing']), metadata['preprocessing']) for image in golden['images']]
        from_files = outputs(model, np.stack(batch), metadata)
    passed = True
    for name, rows in golden['outputs'].items():
        expected = np.array(rows)
        scale = max(1, np.abs(expected).max()) if name == 'logits' else 1
        runs = [found] if golden['images'] is None else [found, from_files]
        difference = max(float(np.abs(run[name] - expected).max() / scale) for run in runs)
        passed = passed and difference <= golden['tolerance']
        print(f'{name}: largest difference {difference:.1e}, allowed {golden["tolerance"]:.1e}')
    print('The self-test passed.' if passed else 'The self-test FAILED: do not use this model here.')
    return 0 if passed else 1


def main():
    parser = argparse.ArgumentParser(description='Predict images with the model in this folder.')
    parser.add_argument('images', nargs='*')
    parser.add_argument('--self-test', action='store_true')
    options = parser.parse_args()
    metadata = json.loads((FOLDER / 'metadata.json').read_text(encoding='utf-8'))
    if options.self_test:
        sys.exit(self_test(metadata))
    if not options.images:
        parser.error('give one or more images, or --self-test')
    sys.exit(predict(options.images, metadata))


if __name__ == '__main__':
    main()
