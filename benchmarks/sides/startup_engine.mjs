import { useEngine } from '@nonlocal-med/engine';

await useEngine({
  backend: process.env.BENCH_ENGINE ?? 'auto',
  threads: Number(process.env.BENCH_THREADS),
});
