class BlockAttention(nn.Module):
    """CBAM: weights channels, then positions."""

    def __init__(self, channels, reduction):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(channels, channels // reduction), nn.Linear(channels // reduction, channels)
        self.conv = nn.Conv2d(2, 1, 7, padding=3, bias=False)
        self.bn = nn.BatchNorm2d(1, momentum=0.01)

    def forward(self, x):
        def shared(z):
            return self.fc2(F.relu(self.fc1(z)))

        x = x * torch.sigmoid(shared(x.mean((2, 3))) + shared(x.amax((2, 3))))[:, :, None, None]
        summary = torch.cat([x.amax(1, keepdim=True), x.mean(1, keepdim=True)], 1)
        return x * torch.sigmoid(self.bn(self.conv(summary)))
