import { describe, expect, it } from 'vitest';
import { classesAreOrdered } from './classOrder.js';

describe('classesAreOrdered', () => {
  it.each([
    [['0', '1', '2', '3', '4']],
    [['0', '2']],
    [['grade 0', 'Grade 1', 'grade 2']],
    [['stage_1', 'stage_2']],
    [['KL-0', 'KL-1']],
  ])('finds ascending grades in %s', (classes) => {
    expect(classesAreOrdered(classes)).toBe(true);
  });

  it.each([
    [['COVID-19', 'NORMAL', 'Pneumonia']],
    [['type 1', 'type 2']],
    [['1', '0']],
    [['grade 0', 'stage 1']],
    [['0', '1', 'ungradable']],
    [['healthy', 'lesion']],
  ])('finds no order in %s', (classes) => {
    expect(classesAreOrdered(classes)).toBe(false);
  });

  it('knows data sets of graded images by name', () => {
    const classes = ['no DR', 'mild', 'severe'];
    for (const dataset of ['MESSIDOR', 'messidor-2', 'EyePACS train', 'aptos2019'])
      expect(classesAreOrdered(classes, { dataset })).toBe(true);
    expect(classesAreOrdered(classes, { dataset: 'chest-xray' })).toBe(false);
  });

  it('follows a declaration before anything else', () => {
    expect(classesAreOrdered(['a', 'b'], { declared: true })).toBe(true);
    expect(classesAreOrdered(['0', '1'], { declared: false, dataset: 'messidor' })).toBe(false);
  });
});
