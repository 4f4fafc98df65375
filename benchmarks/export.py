"""The Python side of export.mjs: runs exported models with ONNX Runtime and TensorFlow, and prepares images.

    python export.py models FOLDER      every FOLDER/NAME/{model.onnx, 1/saved_model.pb} against FOLDER/NAME/*.f32
    python export.py preprocess FOLDER  every FOLDER/*.png by preprocess.py against FOLDER/*.f32
"""

import json
import sys
from pathlib import Path

import numpy as np

OUTPUTS = ['logits', 'probabilities', 'calibrated']


def floats(file, shape):
    return np.fromfile(file, np.float32).reshape(shape)


def models(folder):
    import onnx
    import onnxruntime
    import tensorflow as tf

    for case in sorted(path for path in folder.iterdir() if path.is_dir()):
        shape, labels = (json.loads((case / 'case.json').read_text())[key] for key in ('shape', 'labels'))
        images = floats(case / 'images.f32', shape)
        expected = {name: floats(case / f'{name}.f32', (shape[0], labels)) for name in OUTPUTS}
        model = onnx.load(case / 'model.onnx')
        onnx.checker.check_model(model, full_check=True)
        session = onnxruntime.InferenceSession(case / 'model.onnx')
        served = tf.saved_model.load(str(case / '1')).signatures['serving_default']
        for runtime, run in {
            'onnxruntime': lambda x: dict(zip(OUTPUTS, session.run(OUTPUTS, {'image': x}))),
            'tensorflow': lambda x: {name: y.numpy() for name, y in served(image=tf.constant(x)).items()},
        }.items():
            largest = 0
            for part in (slice(0, None), slice(0, 1)):
                found = run(images[part])
                assert sorted(found) == sorted(OUTPUTS), found.keys()
                for name in OUTPUTS:
                    scale = max(1, np.abs(expected[name]).max())
                    largest = max(largest, float(np.abs(found[name] - expected[name][part]).max() / scale))
            print(json.dumps({'case': case.name, 'runtime': runtime, 'difference': largest,
                              'opset': model.opset_import[0].version}), flush=True)


def preprocess(folder):
    sys.path.insert(0, str(Path(__file__).parents[1] / 'packages/pipeline/python'))
    sys.dont_write_bytecode = True
    from preprocess import prepare, read_image
    for case in json.loads((folder / 'cases.json').read_text()):
        preprocessing = case['preprocessing']
        found = prepare(read_image(folder / case['image'], preprocessing), preprocessing)
        expected = floats(folder / case['expected'], (*preprocessing['size'], 3))
        difference = np.abs(found - expected)
        print(json.dumps({'case': case['title'], 'difference': float(difference.max()),
                          'share': float((difference > 0).mean())}), flush=True)


if __name__ == '__main__':
    {'models': models, 'preprocess': preprocess}[sys.argv[1]](Path(sys.argv[2]))
