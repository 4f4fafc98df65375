def rows(x):
    """[B, C, H, W] -> [B, H * W, C]"""
    return x.flatten(2).transpose(1, 2)


class Attention(nn.Module):
    """The non-local operation: each position is a weighted sum over all positions. Computed in blocks of queries, so that
    the matrix of all pairs is never in memory."""

    def __init__(self, channels, mode='softmax', scale=1, residual='none', sub_sample='none', value_channels=None):
        super().__init__()
        self.mode, self.scale, self.residual, self.sub_sample = mode, scale, residual, sub_sample
        inner = max(1, channels // 2)
        if mode != 'gaussian':
            self.theta, self.phi = nn.Conv2d(channels, inner, 1), nn.Conv2d(channels, inner, 1)
        self.g = nn.Conv2d(channels, value_channels or channels, 1)
        if mode == 'concat':
            self.concat = nn.Conv2d(2 * inner, 1, 1, bias=False)
        if residual == 'gamma':
            self.gamma = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        source = F.max_pool2d(x, 2) if self.sub_sample == 'input' else x
        after = (lambda map: F.max_pool2d(map, 2)) if self.sub_sample == 'projection' else (lambda map: map)
        queries = rows(x if self.mode == 'gaussian' else self.theta(x))
        keys = rows(after(source if self.mode == 'gaussian' else self.phi(source)))
        values = rows(after(self.g(source)))
        y = torch.cat([self.weights(block, keys) @ values for block in queries.split(1024, 1)], 1)
        y = y.transpose(1, 2).reshape(x.shape[0], -1, *x.shape[2:])
        if self.residual == 'none':
            return y
        return x + (y if self.residual == 'add' else self.gamma * y)

    def weights(self, queries, keys):
        if self.mode == 'concat':
            for_queries, for_keys = self.concat.weight.flatten().chunk(2)
            return F.relu((queries @ for_queries)[:, :, None] + (keys @ for_keys)[:, None, :]) / keys.shape[1]
        scores = queries @ keys.transpose(1, 2) * (queries.shape[2] ** -0.5 if self.scale == 'inverse-sqrt' else 1)
        return scores / keys.shape[1] if self.mode == 'dot' else torch.softmax(scores, 2)
