import type { ModelDescription } from '@nonlocal-med/models';
import { formatTable } from '@nonlocal-med/terminal';

const ENCODERS = ['e1', 'e2', 'e3', 'e4'];

/** Models with what they cost and their own feature maps, then the encoders' maps, which models of a backbone share. */
export function modelTable(descriptions: readonly ModelDescription[]): string {
  const size = ({ features }: ModelDescription, stage: string): string =>
    features.find(({ layer }) => layer === stage)?.shape.join('x') ?? '';
  const models = descriptions.map((model) => [
    model.name,
    model.parameters.toLocaleString('en'),
    (model.operations / 1e9).toFixed(2),
    size(model, 'nam'),
    size(model, 'fused'),
  ]);
  const encoders = new Map(
    descriptions.map((model) => [
      `${model.name.split('-')[0]} ${ENCODERS.map((stage) => size(model, stage)).join(' ')}`,
      ENCODERS.map((stage) => size(model, stage)),
    ]),
  );
  return [
    formatTable(
      [
        { title: 'model' },
        { title: 'parameters', align: 'right' },
        { title: 'GMAC', align: 'right' },
        { title: 'nam' },
        { title: 'fused' },
      ],
      models,
    ),
    formatTable(
      [{ title: 'backbone' }, ...ENCODERS.map((title) => ({ title }))],
      [...encoders].map(([key, sizes]) => [key.split(' ')[0], ...sizes]),
    ),
  ].join('\n\n');
}
