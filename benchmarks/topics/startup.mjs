/** From starting a program to its first use. */
export const startup = {
  title: 'from starting the program to its end',
  cases: ({ quick }) => [
    startupCase('useEngine / import torch', 'startup_engine.mjs'),
    ...(quick ? [] : [startupCase('first step, 4x96', 'startup_step.mjs')]),
    {
      name: 'trainer --help',
      facts: {},
      sides: [
        {
          side: 'ours',
          script: 'startup.mjs',
          input: { program: '../../apps/trainer/dist/main.js', arguments: ['--help'] },
        },
      ],
    },
  ],
};

const startupCase = (name, program) => ({
  name,
  facts: { program },
  sides: [
    { side: 'ours', script: 'startup.mjs', input: { program } },
    { side: 'PyTorch', script: 'startup.py', input: { program } },
  ],
});
