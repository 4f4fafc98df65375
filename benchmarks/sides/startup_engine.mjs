import { useEngine } from '@nonlocal-med/engine';

await useEngine({
  engine: process.env.BENCH_ENGINE ?? 'auto',
  threads: Number(process.env.BENCH_THREADS),
});
