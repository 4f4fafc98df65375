import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { integerFrom, resolveUserPath, splitList } from './commandLine.js';

describe('option parsers', () => {
  it('accepts integers from a minimum', () => {
    const parse = (text: string): unknown =>
      new Command()
        .exitOverride()
        .configureOutput({ writeErr: () => undefined })
        .option('--jobs <count>', '', integerFrom(1))
        .parse(['--jobs', text], { from: 'user' })
        .opts();
    expect(parse('2')).toEqual({ jobs: 2 });
    for (const text of ['0', '1.5', 'many', ' '])
      expect(() => parse(text)).toThrow('Expected an integer of at least 1.');
  });

  it('splits lists at commas', () => {
    expect(splitList('a, b,,c ')).toEqual(['a', 'b', 'c']);
  });
});

describe('resolveUserPath', () => {
  it('resolves paths from where the command was typed', () => {
    expect(resolveUserPath('runs/x', { INIT_CWD: '/home-of-user' })).toBe('/home-of-user/runs/x');
    expect(resolveUserPath('/absolute', { INIT_CWD: '/home-of-user' })).toBe('/absolute');
    const script = {
      INIT_CWD: '/repository',
      npm_package_json: '/repository/apps/trainer/package.json',
    };
    expect(resolveUserPath('runs/x', script, '/repository/apps/trainer')).toBe(
      '/repository/runs/x',
    );
    expect(resolveUserPath('runs/x', script, '/elsewhere')).toBe('/elsewhere/runs/x');
    expect(resolveUserPath('runs/x', { INIT_CWD: '' }, '/elsewhere')).toBe('/elsewhere/runs/x');
  });
});
