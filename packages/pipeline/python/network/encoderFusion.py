def fuse(y, size, fusion, pools):
    """A map at the size of encoder 4, by each operator."""
    if pools == 'adaptive':
        average, most = F.adaptive_avg_pool2d(y, size), F.adaptive_max_pool2d(y, size)
    else:
        stride = [length // bins for length, bins in zip(y.shape[2:], size)]
        kernel = [length - (bins - 1) * step for length, bins, step in zip(y.shape[2:], size, stride)]
        average, most = F.avg_pool2d(y, kernel, stride), F.max_pool2d(y, kernel, stride)
    bilinear = F.interpolate(y, size=size, mode='bilinear', align_corners=False)
    maps = {'average': average, 'max': most, 'bilinear': bilinear}
    return torch.cat([maps[operator] for operator in fusion], 1)


class EncoderFusion(Network):
    """What a branch makes of an early map is brought to the size of encoder 4 and joined with it."""

    def __init__(self, classes, at, encoder_stages, fusion, pools, branch=None, **options):
        super().__init__(**options)
        encoders = self.encoders(encoder_stages)
        self.at, self.last = encoders[int(at[1]) - 1] if at[0] == 'e' else at, encoders[3]
        self.fusion, self.pools = fusion, pools
        channels = self.channels[self.at]
        if branch is not None:
            self.nam = branch(channels)
        self.remove_after(self.last)
        self.add_classifier(classes, self.channels[self.last] + len(fusion) * channels)

    def features(self, x):
        for name, step in self.steps():
            x = step(x)
            if name == self.at:
                y = self.nam(x) if hasattr(self, 'nam') else x
            if name == self.last:
                break
        return torch.cat([x, fuse(y, x.shape[2:], self.fusion, self.pools)], 1)
