"""The PyTorch side of startup.mjs: each round starts a Python that imports torch, or makes a first step as well."""

import json
import subprocess
import sys

from serve import given, serve

COST = 'import json, resource; u = resource.getrusage(resource.RUSAGE_SELF); print(json.dumps(dict(cpu=(u.ru_utime + u.ru_stime) * 1e3, rss=u.ru_maxrss / 1024)))'
PROGRAMS = {
    'startup_engine.mjs': 'import torch',
    'startup_step.mjs': 'import torch, torchvision\ntorch.set_num_threads({threads})\nnet = torchvision.models.resnet18(num_classes=4)\ntorch.nn.functional.cross_entropy(net(torch.randn(4, 3, 96, 96)), torch.arange(4)).backward()',
}


def run():
    program = PROGRAMS[given['program']].replace('{threads}', str(given['threads']))
    return json.loads(subprocess.run([sys.executable, '-c', f'{program}\n{COST}'], check=True, capture_output=True).stdout)


serve(dict(engine='Python ' + sys.version.split()[0], threads=given['threads']), run)
