import { describe, expect, it } from 'vitest';
import {
  findingCells,
  findingColumns,
  findingJson,
  findingList,
  findingTable,
} from './findingOutput.js';

const findings = ['Effusion', 'Mass', 'Pleural Thickening'];
const image = { id: 'a.png', truth: [1, 0, -1], probabilities: [0.25, 0.75, 0.5] };

describe('the output of predict for findings', () => {
  it('has columns for the truth and the probability of each finding', () => {
    expect(findingColumns(['a', 'b'])).toEqual(['truth:a', 'truth:b', 'a', 'b']);
    expect(findingCells(image.truth, image.probabilities)).toEqual([
      '1',
      '0',
      '',
      '0.25',
      '0.75',
      '0.5',
    ]);
    expect(findingCells([-1, -1], null)).toEqual(['', '', '', '']);
  });

  it('lists the predicted findings in JSON, the most probable first', () => {
    expect(findingJson(findings, image)).toEqual({
      truth: { Effusion: true, Mass: false, 'Pleural Thickening': null },
      findings: ['Mass', 'Pleural Thickening'],
      probabilities: { Effusion: 0.25, Mass: 0.75, 'Pleural Thickening': 0.5 },
    });
    expect(findingJson(findings, { ...image, truth: [-1, -1, -1] }).truth).toBeNull();
  });

  it('marks the findings that are predicted, within 80 columns', () => {
    const text = findingList(findings, [
      image,
      { id: 'b.png', truth: [0, 0, 0], probabilities: [0.1, 0.2, 0.3] },
      { id: 'c.png', truth: [-1, -1, -1], probabilities: [0.9, 0.9, 0.3] },
    ]);
    expect(text.split('\n')).toEqual([
      'a.png; true: Effusion; not known: Pleural Thickening',
      '  * Mass               0.7500  * Pleural Thickening 0.5000',
      '    Effusion           0.2500',
      'b.png; true: none',
      '    Pleural Thickening 0.3000    Mass               0.2000',
      '    Effusion           0.1000',
      'c.png',
      '  * Effusion           0.9000  * Mass               0.9000',
      '    Pleural Thickening 0.3000',
      '',
      '* probability of at least 0.5',
    ]);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('sums up many images by finding', () => {
    const images = [0.2, 0.5, 0.9].map((p, i) => ({ id: `${i}`, truth: [-1], probabilities: [p] }));
    const lines = findingTable(['Mass'], images).split('\n');
    expect(lines[0]).toBe('3 images; --csv FILE or --json FILE writes each of them');
    expect(lines.find((line) => line.startsWith('Mass'))).toMatch(/Mass +2 +66\.7 % +0\.5000/);
  });
});
