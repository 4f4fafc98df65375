import { useEngine } from '@nonlocal-med/engine';
import * as tf from '@tensorflow/tfjs-core';
import { createModel, stateDict, loadStateDict } from '@nonlocal-med/models';
for (const engine of ['wasm']) {
await useEngine({ engine });
let t = process.cpuUsage(); const lap = (s) => { const u = process.cpuUsage(t); console.log(s, (u.user+u.system)/1e6|0, ((u.user+u.system)/1e3)|0); t = process.cpuUsage(); };
const m = createModel('resnet18', { classes: 4 }); lap('create');
const s = stateDict(m); lap('stateDict');
loadStateDict(m, s); lap('load');
loadStateDict(m, s); lap('load');
}
