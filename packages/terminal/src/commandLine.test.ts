import { Command, Option } from 'commander';
import { describe, expect, it } from 'vitest';
import {
  flagOption,
  integerFrom,
  parseCommandLine,
  resolveUserPath,
  splitList,
} from './commandLine.js';

describe('parseCommandLine', () => {
  const parse = async (...args: string[]): Promise<{ code: number; text: string }> => {
    let text = '';
    const collect = (part: string): void => void (text += part);
    const program = new Command('program').configureOutput({
      writeOut: collect,
      writeErr: collect,
    });
    const train = program.command('train').argument('<folder>').description('Train a model.');
    train
      .addOption(new Option('--device <cpu|gpu>', 'device').choices(['cpu', 'gpu']).default('cpu'))
      .addOption(new Option('--mode <name>', 'mode').choices(['fast', 'exact']))
      .addOption(new Option('--order <name>', 'fast or exact').choices(['fast', 'exact']))
      .action(() => undefined);
    return { code: await parseCommandLine(program, ['node', 'program', ...args]), text };
  };

  it('exits with 0 after help, which does not repeat choices or arguments', async () => {
    const { code, text } = await parse('--help');
    expect(code).toBe(0);
    expect(text).toMatch(/^ {2}train +Train a model\.$/m);
    const { text: help } = await parse('train', '--help');
    expect(help).toMatch(/^ {2}--device <cpu\|gpu> +device \(default: "cpu"\)$/m);
    expect(help).toMatch(/^ {2}--mode <name> +mode \(choices: "fast", "exact"\)$/m);
    expect(help).toMatch(/^ {2}--order <name> +fast or exact$/m);
  });

  it('prints the help of the command that help is followed by, and refuses one that does not exist', async () => {
    expect(await parse('help', 'train')).toEqual(await parse('train', '--help'));
    expect(await parse('help')).toEqual(await parse('--help'));
    expect(await parse('help', 'trian')).toEqual({
      code: 2,
      text: "error: unknown command 'trian'\n(use --help to list all options)\n",
    });
  });

  it('exits with 2 and a suggestion for a wrong command line', async () => {
    expect(await parse('trian')).toEqual({
      code: 2,
      text: "error: unknown command 'trian'\n(Did you mean train?)\n(use --help to list all options)\n",
    });
    expect((await parse('train', 'x', '--device', 'tpu')).code).toBe(2);
    expect((await parse('train', 'x')).code).toBe(0);
  });
});

describe('flagOption', () => {
  const given = (...args: string[]): unknown =>
    new Command()
      .exitOverride()
      .addOption(
        flagOption({
          flags: '--fit <name>',
          group: 'Input:',
          description: 'how images get the size',
          choices: ['stretch', 'letterbox'],
        }),
      )
      .addOption(
        flagOption({
          flags: '--size <pixels>',
          group: 'Input:',
          description: 'input size',
          choices: [],
          parse: (text, previous) => [...((previous as number[] | undefined) ?? []), Number(text)],
        }),
      )
      .parse(args, { from: 'user' })
      .opts();

  it('keeps the text, or what its parser makes of it and of earlier values', () => {
    expect(given('--fit', 'letterbox')).toEqual({ fit: 'letterbox' });
    expect(given('--size', '224', '--size', '386')).toEqual({ size: [224, 386] });
  });

  it('leaves the check of its choices to the schema', () => {
    expect(given('--fit', 'squeeze')).toEqual({ fit: 'squeeze' });
  });
});

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
