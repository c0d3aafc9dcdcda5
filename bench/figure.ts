/** One measured figure: how much was done, in how much time of the clock and of the processor. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly count: number;
  readonly seconds: number;
  /** Of all threads of this process. On a busy machine it tells more than the clock. */
  readonly cpuSeconds: number;
}

export async function measured(name: string, unit: string, work: () => Promise<number>): Promise<Figure> {
  const begun = performance.now();
  const cpu = process.cpuUsage();
  const count = await work();
  const { user, system } = process.cpuUsage(cpu);
  return { name, unit, count, seconds: (performance.now() - begun) / 1e3, cpuSeconds: (user + system) / 1e6 };
}

export const perSecond = ({ count, seconds }: Figure): number => count / seconds;

export const perCpuSecond = ({ count, cpuSeconds }: Figure): number => count / cpuSeconds;
