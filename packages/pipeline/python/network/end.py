def load_model(weights='weights.safetensors'):
    """The trained model, in evaluation mode."""
    model = create_model()
    model.load_state_dict(read_safetensors(weights), strict=True)
    return model.eval()


def read_safetensors(file):
    """The tensors of a safetensors file by name; all are float32."""
    with open(file, 'rb') as opened:
        header = json.loads(opened.read(int.from_bytes(opened.read(8), 'little')))
        data = bytearray(opened.read())
    tensors = {}
    for name, entry in header.items():
        if name == '__metadata__':
            continue
        start, end = entry['data_offsets']
        tensors[name] = torch.frombuffer(data[start:end], dtype=torch.float32).reshape(entry['shape']).clone()
    return tensors


def normalize(images):
    """RGB values 0 to 255, [batch, height, width, 3] -> what the model takes, [batch, 3, height, width]."""
    scaled = torch.as_tensor(images, dtype=torch.float32) / 255
    mean, std = (torch.tensor(values, device=scaled.device) for values in (MEAN, STD))
    return ((scaled - mean) / std).permute(0, 3, 1, 2).contiguous()
