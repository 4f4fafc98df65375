/** The two sides of a case that Node and PyTorch compute from one input. */
export const besideTorch = (script, input) => [
  { side: 'ours', script: `${script}.mjs`, input },
  { side: 'PyTorch', script: `${script}.py`, input },
];
