import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completeWords } from './completion.js';
import { createProgram } from './program.js';

const program = createProgram({ signal: new AbortController().signal });
const complete = (...words: string[]): string[] =>
  completeWords(program, words).map(({ value }) => value);

describe('completeWords', () => {
  it('offers commands, also those below a command', () => {
    expect(complete('ex')).toEqual(['experiment', 'explain', 'export']);
    expect(complete('data', '')).toEqual(['check', 'preview', 'help']);
    expect(complete('')).not.toContain('complete');
  });

  it('offers the options of a command with the first sentence of their description', () => {
    expect(complete('train', '--out', 'runs/a', '--contr')).toEqual(['--contrast']);
    expect(complete('data', 'check', '--group-c')).toEqual(['--group-column']);
    const [{ description }] = completeWords(program, ['eval']);
    expect(description).toMatch(/^Evaluate a run on its test set, [^.]*\.$/);
    const [bits] = completeWords(program, ['train', '--bits']);
    expect(bits.description).toMatch(/e\.g\. \d+/);
  });

  it('offers the values of options and arguments that have choices', () => {
    const weights = ['selected', 'last'];
    expect(complete('evaluate', 'runs/a', '--weights', '')).toEqual(weights);
    expect(complete('evaluate', '--weights', '=')).toEqual(weights);
    expect(complete('evaluate', '--weights', '=', 'la')).toEqual(['last']);
    expect(complete('evaluate', '--weights=la')).toEqual(['--weights=last']);
    expect(complete('completion', 'z')).toEqual(['zsh']);
    expect(complete('train', '--contrast', '')).toEqual(['clahe', 'local-mean', 'none']);
    expect(complete('train', '--schedule', 'co')).toEqual(['constant', 'cosine']);
    expect(complete('data', 'check', '--kind', 'mess')).toEqual(['messidor', 'messidor2']);
    expect(complete('evaluate', '--uncertain', 'z')).toEqual(['zeros']);
  });

  it('offers nothing where a file is meant', () => {
    expect(complete('train', '--data', '')).toEqual([]);
    expect(complete('evaluate', 'runs/')).toEqual([]);
  });
});

describe('the scripts for shells', () => {
  const folder = mkdtempSync(join(tmpdir(), 'completion-'));
  const executable = fileURLToPath(new URL('../bin/nonlocal-med.js', import.meta.url));
  const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` };
  beforeAll(() => symlinkSync(executable, join(folder, 'nonlocal-med')));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const runs = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;

  it.runIf(runs('bash'))('complete words in bash', () => {
    const script = `source <(nonlocal-med completion bash)
COMP_WORDS=(nonlocal-med evaluate --weights = se); COMP_CWORD=4; _nonlocal_med; echo "\${COMPREPLY[*]}"
COMP_WORDS=(nonlocal-med exper); COMP_CWORD=1; _nonlocal_med; echo "\${COMPREPLY[*]}"
COMP_WORDS=(nonlocal-med train --model resnet18-nl); COMP_CWORD=3; _nonlocal_med; echo "\${COMPREPLY[*]}"
COMP_WORDS=(nonlocal-med models resnet18-c); COMP_CWORD=2; _nonlocal_med; echo "\${COMPREPLY[*]}"`;
    const output = execFileSync('bash', ['-c', script], { env, encoding: 'utf8' });
    expect(output).toBe('selected\nexperiment\nresnet18-nla\nresnet18-cbam resnet18-ccnet\n');
  });

  it.runIf(runs('fish'))('complete words in fish', () => {
    const script = `nonlocal-med completion fish | source; complete -C 'nonlocal-med evaluate --weights se'`;
    const output = execFileSync('fish', ['-c', script], { env, encoding: 'utf8' });
    expect(output).toMatch(/^selected\t/);
    const file = `nonlocal-med completion fish | source; complete -C 'nonlocal-med train --data=s'`;
    mkdirSync(join(folder, 'scans'));
    expect(execFileSync('fish', ['-c', file], { env, encoding: 'utf8', cwd: folder })).toMatch(
      /^--data=scans\/(\t|$)/m,
    );
  });

  it.runIf(runs('zsh'))('can be read by zsh', () => {
    expect(
      execFileSync('zsh', ['-fnc', 'nonlocal-med completion zsh'], { env, encoding: 'utf8' }),
    ).toBe('');
    const script = 'compdef() { echo "$@" }; source <(nonlocal-med completion zsh)';
    const output = execFileSync('zsh', ['-fc', script], { env, encoding: 'utf8' });
    expect(output).toBe('_nonlocal_med nonlocal-med\n');
  });
});
