import { expect, it } from 'vitest';
import { findingsVerdict } from './gallerySelection.js';

const names = ['effusion', 'mass', 'edema'];

it('lists findings that are called present, false alarms and those that are missed', () => {
  expect(findingsVerdict(names, [1, 0, 1], [0.93, 0.6, 0.2])).toBe(
    '✗ effusion 93\u00a0%; false alarm: mass 60\u00a0%; missed: edema 20\u00a0%',
  );
  expect(findingsVerdict(names, [1, 0, 0], [0.93, 0.4, 0.2])).toBe('✓ effusion 93\u00a0%');
});

it('calls nothing wrong that is not known, and says when nothing is called', () => {
  expect(findingsVerdict(names, [-1, 0, -1], [0.93, 0.4, 0.2])).toBe('✓ effusion 93\u00a0%');
  expect(findingsVerdict(names, [0, 0, -1], [0.1, 0.4, 0.2])).toBe('✓ no finding');
});
