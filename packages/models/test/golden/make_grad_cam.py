"""Grad-CAM of every model by the package pytorch-grad-cam: python make_grad_cam.py > grad_cam.json (torch, torchvision, grad-cam)

Networks, weights and input are those of benchmarks/models.py; in float64, so that the numbers are free of rounding. Layers
have their names in the TF.js models, those of specification section 11 first.
"""
import importlib.metadata, json, os, sys
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../../../benchmarks'))
import torch
from pytorch_grad_cam import GradCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from models import NAMES, build, fill, noise

B, K, H, W = 2, 4, 64, 48


def layers_of(net, name):
    """Target modules by the names of the TF.js layers, the default first."""
    if name.endswith(('-nla', '-nam-db')) or '@' in name:
        # the joined map is no module's output: an identity makes it one
        net.fused, features = torch.nn.Identity(), net.features
        net.features = lambda x: net.fused(features(x))
        return {'fused': net.fused, 'e4': net.layer4[-1] if net.resnet else net.stage4[-1], 'nam': net.nam}
    if name.endswith('ccnet'): return {'head.act': net.head.dropout, 'e4': net.layer4[-1]}  # dropout does nothing here
    layers = {'e4': net.layer4[-1]} if net.resnet else {'conv5.1': net.conv5, 'e4': net.stage4[-1]}
    return {**layers, 'nam': net.nam} if name.endswith('-nam') else layers


x = torch.from_numpy(noise('input', B * 3 * H * W)).reshape(B, 3, H, W) * 4 - 2
out = {'source': f'pytorch-grad-cam {importlib.metadata.version("grad-cam")}, torch {torch.__version__.split("+")[0]}, float64', 'batch': B, 'classes': K, 'height': H, 'width': W, 'models': {}}
for name in NAMES:
    net = fill(build(name, K).double()).eval()
    layers = layers_of(net, name)
    cases = [([layer], classes) for layer in layers for classes in (None, [3, 1])]
    if len(layers) > 1: cases.append((list(layers), [0, 2]))
    rows = []
    for chosen, classes in cases:
        maps = GradCAM(net, [layers[layer] for layer in chosen])(x, None if classes is None else [ClassifierOutputTarget(c) for c in classes])
        # every 4th pixel of both axes: enough to see any difference
        rows.append({'layers': chosen, 'classes': classes, 'maps': [[round(float(v), 6) for v in m[::4, ::4].ravel()] for m in maps]})
    out['models'][name] = {'layers': list(layers), 'logits': [[round(float(v), 6) for v in row] for row in net(x).tolist()], 'cases': rows}
    print(name, file=sys.stderr, flush=True)
print(json.dumps(out, separators=(',', ':')))
