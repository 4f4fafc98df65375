import { expect, it } from 'vitest';
import { cardSections } from './cardSections.js';

it('reads the sections of a model card as plain text, with their tables', () => {
  const card = [
    '# Model card: resnet18, trained on ward \\#3',
    '## Intended use\n\nGives \\[a\\] probability.\n\nNot a medical device.',
    '## Results on the test set\n\nIn percent.\n\n| class | AUC |\n|---|---:|\n| mild \\| early | 80.1 (70 to 90) |',
  ].join('\n\n');
  expect(cardSections(`${card}\n`)).toEqual({
    title: 'resnet18, trained on ward #3',
    sections: [
      { title: 'Intended use', paragraphs: ['Gives [a] probability.', 'Not a medical device.'] },
      {
        title: 'Results on the test set',
        paragraphs: ['In percent.'],
        table: { columns: ['class', 'AUC'], rows: [['mild | early', '80.1 (70 to 90)']] },
      },
    ],
  });
});

it('has nothing to say about a model without a card', () => {
  expect(cardSections('')).toEqual({ title: '', sections: [] });
});
