"""Grad-CAM++, LayerCAM and HiResCAM by the package pytorch-grad-cam: python make_cam_methods.py > cam_methods.json (torch, torchvision, grad-cam)

Networks, weights and input are those of make_grad_cam.py; in float64. Every 4th pixel of both axes.
"""
import importlib.metadata, json, os, sys
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../../../benchmarks'))
import torch
from pytorch_grad_cam import GradCAMPlusPlus, HiResCAM, LayerCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from models import build, fill, noise

B, K, H, W = 2, 4, 64, 48
METHODS = {'gradcam++': GradCAMPlusPlus, 'layercam': LayerCAM, 'hirescam': HiResCAM}

x = torch.from_numpy(noise('input', B * 3 * H * W)).reshape(B, 3, H, W) * 4 - 2
out = {'source': f'pytorch-grad-cam {importlib.metadata.version("grad-cam")}, torch {torch.__version__.split("+")[0]}, float64', 'batch': B, 'classes': K, 'height': H, 'width': W, 'models': {}}
for name in ('resnet18', 'resnet18-nla', 'shufflenetv2-nla'):
    net = fill(build(name, K).double()).eval()
    layers = {'e1': net.layer1[-1], 'e2': net.layer2[-1]} if net.resnet else {'e2': net.stage2[-1]}
    if name.endswith('-nla'): layers['nam'] = net.nam
    rows = []
    for layer, module in layers.items():
        for method, cam in METHODS.items():
            maps = cam(net, [module])(x, [ClassifierOutputTarget(c) for c in (3, 1)])
            rows.append({'method': method, 'layer': layer, 'classes': [3, 1], 'maps': [[round(float(v), 6) for v in m[::4, ::4].ravel()] for m in maps]})
    out['models'][name] = rows
    print(name, file=sys.stderr, flush=True)
print(json.dumps(out, separators=(',', ':')))
