"""Reads a run's TensorBoard file with TensorBoard's own reader and compares it with the run's log.

Run: python read_tensorboard.py RUN   (needs: pip install tensorboard)
Prints the tags with their number of points; fails when a point of the log is missing or differs.
"""
import json
import struct
import sys
from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator


def float32(value):
    return struct.unpack('f', struct.pack('f', value))[0]


run = Path(sys.argv[1])
events = EventAccumulator(str(run / 'tensorboard'), size_guidance={'scalars': 0})
events.Reload()
found = {tag: {point.step: point.value for point in events.Scalars(tag)} for tag in events.Tags()['scalars']}
for tag, points in found.items():
    print(f'{tag}: {len(points)} points, steps {min(points)} to {max(points)}')

step = 0
compared = 0
for line in (run / 'events.jsonl').read_text().splitlines():
    event = json.loads(line)
    if event['type'] == 'step':
        step = event['step']
        expected = {'train/loss': event['loss'], 'train/learning_rate': event['learningRate'], 'time/step_milliseconds': event['milliseconds']}
    elif event['type'] == 'epoch':
        expected = {'epoch/train_loss': event['trainLoss'], **{f'validation/{name}': value for name, value in event.get('validation', {}).items() if value is not None}}
    else:
        continue
    for tag, value in expected.items():
        if found[tag][step] != float32(value):
            sys.exit(f'{tag} at step {step}: {found[tag][step]} in TensorBoard, {value} in the log')
        compared += 1
print(f'{compared} points equal')
