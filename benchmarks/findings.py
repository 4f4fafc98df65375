"""The training of findings.mjs in PyTorch: torchvision's ResNet18, BCEWithLogitsLoss and Adam, written as one would.

python findings.py FOLDER reads task.json, images and initial weights, and writes pytorch.json with the losses of all steps
and the probabilities of the test images, one run per seed.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
import torchvision

folder = Path(sys.argv[1])
task = json.loads((folder / "task.json").read_text())
side, batch = task["side"], task["batch"]


def read_images(name):
    """[images, 3, side, side], the gray value in all channels."""
    gray = torch.from_numpy(np.fromfile(folder / f"{name}.f32", dtype="<f4"))
    return gray.reshape(-1, 1, side, side).repeat(1, 3, 1, 1)


def read_safetensors(file):
    data = file.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    types = {"F32": np.float32, "I64": np.int64}
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        values = np.frombuffer(data[begin:end], dtype=types[entry["dtype"]])
        tensors[name] = torch.from_numpy(values.reshape(entry["shape"]).copy())
    return tensors


images = read_images("training")
test = read_images("test")
labels = torch.tensor(task["labels"], dtype=torch.float32)
criterion = torch.nn.BCEWithLogitsLoss(pos_weight=torch.tensor(task["positiveWeights"]), reduction="none")
runs = []
for seed, orders in zip(task["seeds"], task["orders"]):
    model = torchvision.models.resnet18(num_classes=labels.shape[1])
    model.load_state_dict(read_safetensors(folder / f"initial-{seed}.safetensors"))
    optimizer = torch.optim.Adam(model.parameters(), lr=task["learningRate"])
    losses = []
    model.train()
    for order in orders:
        for rows in torch.tensor(order).split(batch):
            target = labels[rows]
            known = target >= 0
            loss = criterion(model(images[rows]), target.clamp(min=0))
            loss = (loss * known).sum() / known.sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    model.eval()
    with torch.no_grad():
        logits = torch.cat([model(part) for part in test.split(50)])
    runs.append({"losses": losses, "probabilities": torch.sigmoid(logits.double()).flatten().tolist()})
    print(f"PyTorch, seed {seed}: last loss {losses[-1]:.4f}", flush=True)
(folder / "pytorch.json").write_text(json.dumps({"version": torch.__version__, "runs": runs}))
