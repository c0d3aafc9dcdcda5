/** What was measured on the machine of README.md, and what the project promises. All a second. */
export const baselines: {
  readonly [name in 'driver' | 'simulator' | 'realtime']: { readonly perCpuSecond: number; readonly target: number };
} = {
  driver: { perCpuSecond: 163_400, target: 50_000 },
  simulator: { perCpuSecond: 212_800, target: 100_000 },
  realtime: { perCpuSecond: 299, target: 100 },
};
