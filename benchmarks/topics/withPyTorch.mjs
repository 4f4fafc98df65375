/** The two sides of a case: our script and its PyTorch counterpart, with the same input. */
export const withPyTorch = (script, input) => [
  { side: 'ours', script: `${script}.mjs`, input },
  { side: 'PyTorch', script: `${script}.py`, input },
];
