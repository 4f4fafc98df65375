class CrissCross(nn.Module):
    """Attention over the row and the column of each pixel, the pixel itself once."""

    def __init__(self, channels):
        super().__init__()
        self.query, self.key = nn.Conv2d(channels, channels // 8, 1), nn.Conv2d(channels, channels // 8, 1)
        self.value = nn.Conv2d(channels, channels, 1)
        self.gamma = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        query, key, value = self.query(x), self.key(x), self.value(x)
        height = x.shape[2]
        along_column = torch.einsum('bcrx,bcgx->brxg', query, key)
        itself = torch.eye(height, dtype=torch.bool, device=x.device)[None, :, None, :]
        along_column = along_column.masked_fill(itself, -math.inf)
        along_row = torch.einsum('bcrx,bcru->brxu', query, key)
        weights = torch.softmax(torch.cat([along_column, along_row], 3), 3)
        y = torch.einsum('brxg,bcgx->bcrx', weights[..., :height], value)
        y = y + torch.einsum('brxu,bcru->bcrx', weights[..., height:], value)
        return self.gamma * y + x


class CrissCrossHead(nn.Module):
    """The authors' head: attention at a quarter of the channels, joined with its input."""

    def __init__(self, channels, classes, recurrence, dropout):
        super().__init__()
        inner = channels // 4
        self.recurrence = recurrence
        self.conva, self.bna = nn.Conv2d(channels, inner, 3, padding=1, bias=False), nn.BatchNorm2d(inner)
        self.cca = CrissCross(inner)
        self.convb, self.bnb = nn.Conv2d(inner, inner, 3, padding=1, bias=False), nn.BatchNorm2d(inner)
        self.conv, self.bn = nn.Conv2d(channels + inner, 512, 3, padding=1, bias=False), nn.BatchNorm2d(512)
        self.dropout, self.fc = nn.Dropout2d(dropout), nn.Linear(512, classes)

    def forward(self, x):
        y = F.leaky_relu(self.bna(self.conva(x)), 0.01)
        for _ in range(self.recurrence):
            y = self.cca(y)
        y = F.leaky_relu(self.bnb(self.convb(y)), 0.01)
        y = F.leaky_relu(self.bn(self.conv(torch.cat([x, y], 1))), 0.01)
        return self.fc(self.dropout(y).mean((2, 3)))


class CrissCrossNetwork(Network):
    """Criss-cross attention after the backbone, within the authors' head or alone."""

    def __init__(self, classes, ccnet, recurrence, dropout, **options):
        super().__init__(**options)
        self.recurrence = recurrence
        if ccnet == 'head':
            self.head = CrissCrossHead(512, classes, recurrence, dropout)
        else:
            self.cca = CrissCross(512)
            self.add_classifier(classes, 512)

    def features(self, x):
        x = super().features(x)
        for _ in range(self.recurrence if hasattr(self, 'cca') else 0):
            x = self.cca(x)
        return x

    def forward(self, x):
        return self.head(self.features(x)) if hasattr(self, 'head') else super().forward(x)
