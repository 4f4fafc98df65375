import { InputError } from '@nonlocal-med/core';
import { Command } from 'commander';
import { expect, it } from 'vitest';
import { addClusterFlags, clusterOfFlags } from '../processes/clusterFlags.js';
import { expandHosts, slurmMembers } from './slurmMembers.js';

// As `scontrol show hostnames` of Slurm 22.05.8 prints them.
it.each([
  ['n1', ['n1']],
  ['n[1-3,07],x', ['n1', 'n2', 'n3', 'n07', 'x']],
  ['gpu[098-101]', ['gpu098', 'gpu099', 'gpu100', 'gpu101']],
  ['a,b[2]', ['a', 'b2']],
])('reads the list of nodes %s', (list, names) => {
  expect(expandHosts(list)).toEqual(names);
});

const step = {
  SLURM_JOB_ID: '7',
  SLURM_PROCID: '2',
  SLURM_STEP_NODELIST: 'n[1-2]',
  SLURM_STEP_TASKS_PER_NODE: '2,1',
};

it('gives each task of a step another port', () => {
  expect(slurmMembers(step)).toEqual({ members: ['n1:20112', 'n1:20113', 'n2:20114'], member: 2 });
  expect(slurmMembers({ ...step, SLURM_STEP_RESV_PORTS: '12000-12002' }).members).toEqual([
    'n1:12000',
    'n1:12001',
    'n2:12002',
  ]);
  const even = { ...step, SLURM_STEP_TASKS_PER_NODE: '2(x2)' };
  expect(slurmMembers(even).members).toHaveLength(4);
});

const flags = (...argv: string[]): object =>
  addClusterFlags(new Command().exitOverride().configureOutput({ writeErr: () => undefined }))
    .option('--slurm <options>')
    .parse(argv, { from: 'user' })
    .opts();

it('reads addresses, or what Slurm says', () => {
  expect(clusterOfFlags(flags())).toBeUndefined();
  expect(clusterOfFlags(flags('--processes', '4'))).toBeUndefined();
  expect(clusterOfFlags(flags('--members', 'a:1, b:2', '--member', '1'))).toMatchObject({
    members: ['a:1', 'b:2'],
    member: 1,
  });
  const env = { ...step, SLURM_CPUS_PER_TASK: '3' };
  expect(clusterOfFlags(flags('--members', 'slurm'), env)).toMatchObject({ member: 2, threads: 3 });
});

it('refuses flags that do not fit together', () => {
  expect(() => clusterOfFlags(flags('--member', '1'))).toThrow(InputError);
  expect(() => clusterOfFlags(flags('--members', 'a:1,b:2'))).toThrow('--member: is missing');
  expect(() => clusterOfFlags(flags('--members', 'slurm'), {})).toThrow('not started by srun');
  expect(() => clusterOfFlags(flags('--members', 'slurm', '--member', '0'), step)).toThrow(
    'Slurm numbers the tasks',
  );
  expect(() => flags('--processes', '2', '--members', 'a:1')).toThrow(/cannot be used with/);
  expect(() => flags('--processes', '2', '--slurm', '')).toThrow(/cannot be used with/);
});
