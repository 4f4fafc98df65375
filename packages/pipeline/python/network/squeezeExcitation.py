class SqueezeExcitation(nn.Module):
    """Weights channels by their means."""

    def __init__(self, channels, reduction, use_bias):
        super().__init__()
        self.fc1 = nn.Linear(channels, channels // reduction, bias=use_bias)
        self.fc2 = nn.Linear(channels // reduction, channels, bias=use_bias)

    def forward(self, x):
        gate = torch.sigmoid(self.fc2(F.relu(self.fc1(x.mean((2, 3))))))
        return x * gate[:, :, None, None]
