import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configText } from './configText.js';
import { listRunSections } from './listOptions.js';
import type { RawOptions } from './mergeOptions.js';
import { parseRunConfig } from './parseRunConfig.js';

const disk: RawOptions = {
  augmentation: 'xray',
  data: { path: '/images', labelMap: { '0': 'no: #1', '1..4': 'some\nlines' } },
  training: { earlyStopping: { patience: 3 } },
};

describe('configText', () => {
  it.each([
    ['a data set', disk],
    ['synthetic images', { data: { kind: 'tiny-lesions' }, augmentation: false }],
    ['options of a model', { data: { path: '/x' }, model: { name: 'resnet18-ccnet', dropout: 0 } }],
  ])('parses to the same configuration with %s', (_, options) => {
    const config = parseRunConfig(options);
    const parsed = parse(configText(config)) as RawOptions;
    expect(parsed).toEqual(JSON.parse(JSON.stringify(config)));
    expect(parseRunConfig(parsed)).toEqual(config);
  });

  it('names every option, set or not', () => {
    const text = configText(parseRunConfig(disk));
    const sections = text.split(/^(?=\w)/m);
    for (const { name, options } of listRunSections()) {
      const section = sections.find((part) => part.startsWith(`${name}:`))!;
      for (const { path } of options.filter((option) => option.path !== name)) {
        expect(section).toMatch(new RegExp(`^ +(# +)?${path.split('.').at(-1)}:`, 'm'));
      }
    }
  });

  it('describes options that are not set, and those of the model with their defaults', () => {
    const text = configText(parseRunConfig(disk));
    expect(text).toMatch(/\n {2}earlyStopping:\n {4}patience: 3\n(.*\n){2} {4}# metric: # text\. /);
    expect(text).toMatch(
      /\n {2}# splitFile: # a CSV file, .*\n {2}# {3}training: # text\. Text file /,
    );
    expect(text).toMatch(
      /\n {2}# classWeights: # a list, each a number above 0\. Weight of each class in the loss, .*\n/,
    );
    expect(text).toContain('\n  # mode: softmax # softmax, gaussian, dot, concat. How a pair ');
    expect(text).not.toMatch(/# +(path|epochs|earlyStopping|patience):/);
  });

  it('gives values to options whose comment marks are removed', () => {
    const uncommented = configText(parseRunConfig(disk))
      .replaceAll(/^( *)# (mode|scale): /gm, '$1$2: ')
      .replace('# warmupEpochs:', 'warmupEpochs: 2');
    expect(parseRunConfig(parse(uncommented) as RawOptions)).toMatchObject({
      model: { mode: 'softmax', scale: 1 },
      training: { schedule: { warmupEpochs: 2 } },
    });
  });
});
