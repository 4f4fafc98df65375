import type { Predictions } from '@nonlocal-med/core';
export const predictionsToCsv = (p: Predictions): string => p.ids.join('\n');
