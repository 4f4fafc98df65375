import { afterEach, describe, expect, it, vi } from 'vitest';
import { commandLine, wrapText } from './terminalText.js';

describe('wrapText', () => {
  it('breaks lines between words and indents the rest of a line like its beginning', () => {
    expect(wrapText('  one two three four\nfive', 11)).toBe('  one two\n  three\n  four\nfive');
  });

  it('keeps words that are too long, and lines with a command or an option', () => {
    const path = `/${'x'.repeat(90)}`;
    expect(wrapText(`in ${path} now`)).toBe(`in\n${path}\nnow`);
    const command = `pnpm --filter trainer start train --data ${path} --size 64`;
    expect(wrapText(`Run:\n${command}`)).toBe(`Run:\n${command}`);
    expect(wrapText('--group-pattern a b', 5)).toBe('--group-pattern a b');
  });
});

describe('commandLine', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('quotes what a shell would take apart', () => {
    expect(commandLine('trainer', 'resume', 'my runs/first')).toBe(
      "pnpm --filter trainer start resume 'my runs/first'",
    );
  });

  it('names the published program where it runs', () => {
    vi.stubEnv('NONLOCAL_MED_COMMAND', 'npx nonlocal-med');
    const line = commandLine('eval', 'report', 'my runs/first');
    expect(line).toBe("npx nonlocal-med report 'my runs/first'");
    expect(wrapText(line, 10)).toBe(line);
  });
});
