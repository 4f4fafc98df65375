"""One runtime of runtimes.mjs: python runtime.py onnx|saved-model|pytorch FOLDER. Prints a line of JSON."""

import json
import os
import statistics
import sys
import time
from pathlib import Path

import numpy as np

WARM, MEASURED = 5, 15
os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'


def onnx(folder):
    import onnxruntime

    session = onnxruntime.InferenceSession(folder / 'onnx/model.onnx')
    return lambda image: session.run(['logits'], {'image': image})[0]


def saved_model(folder):
    import tensorflow as tf

    serve = tf.saved_model.load(str(folder / 'saved-model/1')).signatures['serving_default']
    return lambda image: serve(image=tf.constant(image))['logits'].numpy()


def pytorch(folder):
    import torch

    sys.path.insert(0, str(folder / 'pytorch'))
    from model import load_model, normalize

    model = load_model(folder / 'pytorch/weights.safetensors')

    def apply(image):
        with torch.no_grad():
            return model(normalize(image)).numpy()

    return apply


def main(runtime, folder):
    apply = {'onnx': onnx, 'saved-model': saved_model, 'pytorch': pytorch}[runtime](folder)
    example = json.loads((folder / 'example.json').read_text())
    images = [np.array(values, np.float32).reshape(1, *example['size'], 3) for values in example['images']]
    expected = np.array(example['logits'])
    found = np.concatenate([apply(image) for image in images])
    difference = np.abs(found - expected).max() / max(1, np.abs(expected).max())
    times = []
    for step in range(WARM + MEASURED):
        began = time.perf_counter()
        apply(images[step % len(images)])
        if step >= WARM:
            times.append(1000 * (time.perf_counter() - began))
    print(json.dumps({'difference': float(difference), 'milliseconds': statistics.median(times)}))


main(sys.argv[1], Path(sys.argv[2]))
