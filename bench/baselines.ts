/** What was measured on the machine of README.md, and what the project promises. All a second. */
export const baselines: {
  readonly [name in 'driver' | 'simulator' | 'realtime']: { readonly perCpuSecond: number; readonly target: number };
} = {
  driver: { perCpuSecond: 134_600, target: 50_000 },
  simulator: { perCpuSecond: 167_200, target: 100_000 },
  realtime: { perCpuSecond: 213, target: 100 },
};
