/** Attention alone, forward and backward, against PyTorch's three forms. */
export const attention = {
  title: 'attention alone, forward and backward, 32 key and 64 value channels',
  cases: ({ quick }) =>
    (quick ? [8] : [25, 49, 97, 193]).flatMap((side) =>
      [1, 4].map((batch) => attentionCase(side, batch)),
    ),
};

function attentionCase(side, batch) {
  const positions = side ** 2;
  const matrix = (batch * positions ** 2 * 4) / 2 ** 20; // MiB of one matrix of weights
  const input = {
    side,
    batch,
    repeat: Math.min(50, Math.max(1, Math.round(2e7 / (batch * positions ** 2)))),
  };
  return {
    name: `${side} x ${side}, batch ${batch}`,
    facts: { side, batch, positions },
    // 2 N^2 (32 + 64) forward; backward the scores again and 2 N^2 (64 + 64 + 32 + 32).
    gigaflop: (640 * batch * positions ** 2) / 1e9,
    sides: [
      { side: 'ours', script: 'attention.mjs', input: { ...input, form: 'blocked' } },
      // These hold three to five matrices at once, as measured at 97 x 97.
      {
        side: 'plain',
        script: 'attention.py',
        input: { ...input, form: 'plain' },
        mebibytes: 5 * matrix,
      },
      {
        side: 'sdpa',
        script: 'attention.py',
        input: { ...input, form: 'sdpa' },
        mebibytes: 5 * matrix,
      },
      { side: 'padded', script: 'attention.py', input: { ...input, form: 'padded' } },
    ],
    remarksOn: (ours, ...others) => bestForm(ours, others),
  };
}

function bestForm(ours, others) {
  if (others.length === 0) return [];
  const best = others.reduce((a, b) => (b.wall < a.wall ? b : a));
  return [
    `${(ours.wall / best.wall).toFixed(2)} times PyTorch's best form (${best.side}), CPU time ${(ours.cpu / Math.min(...others.map(({ cpu }) => cpu))).toFixed(2)} times the lowest`,
  ];
}
