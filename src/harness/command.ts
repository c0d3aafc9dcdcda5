/** The one command that repeats a run: only what differs from the defaults, always with its seed and environment. */
import { inSeconds } from '../core/time.ts';
import type { OptionValues } from '../generators/workload.ts';
import { type Test, defaultsOf } from './plan.ts';
import { withFallbacks, workloadFallbacks } from './options.ts';
import { formatWeather } from './weather.ts';

/** `program`: how the user calls the harness, as in `./bin/harness`. */
export function repeatCommand({ plan, system, bug, workload }: Test, program: string): string {
  const defaults = defaultsOf(plan.environment);
  const words = [program, 'test', '--system', plan.system];
  const differs = (flag: string, value: string, fallback: string): void => {
    if (value !== fallback) words.push(flag, quote(value));
  };
  if (plan.bug !== null) words.push('--bug', quote(plan.bug));
  differs('--workload', plan.workload, bug?.workload ?? defaults.workload);
  differs('--nemesis', plan.nemeses.join(','), defaults.nemesis);
  differs('--node-count', String(plan.nodes.length), String(bug?.nodeCount ?? defaults.nodeCount));
  differs('--concurrency', concurrencyWord(plan.concurrency, plan.nodes.length), defaults.concurrency);
  differs('--rate', String(plan.rate), String(defaults.rate));
  differs('--time-limit', String(inSeconds(plan.timeLimit)), String(defaults.timeLimit));
  const interval = bug?.nemesisInterval ?? defaults.nemesisInterval;
  differs('--nemesis-interval', String(inSeconds(plan.nemesisInterval)), String(interval));
  differs('--attempt-timeout', String(inSeconds(plan.attemptTimeout)), String(defaults.attemptTimeout));
  differs('--operation-timeout', String(inSeconds(plan.operationTimeout)), String(defaults.operationTimeout));
  differs('--weather', formatWeather(plan.weather), '');
  const { memory, cpus } = plan.nodeLimits;
  if (memory !== null) words.push('--node-memory', memoryWord(memory));
  if (cpus !== null) words.push('--node-cpus', String(cpus));
  if (plan.liveness) words.push('--liveness');
  const unset = {
    system: withFallbacks(system.options, bug?.options ?? {}),
    workload: workloadFallbacks(workload, system),
  };
  const names = [...system.options, ...workload.options].map(({ name }) => name);
  const settings = (owner: 'system' | 'workload', values: OptionValues): void => {
    for (const [name, value] of Object.entries(values)) {
      if (value === unset[owner][name]) continue;
      const ambiguous = names.filter((other) => other === name).length > 1;
      words.push('--set', quote(`${ambiguous ? `${owner}.` : ''}${name}=${value}`));
    }
  };
  settings('system', plan.systemOptions);
  settings('workload', plan.workloadOptions);
  words.push('--env', plan.environment, '--seed', String(plan.seed));
  return words.join(' ');
}

/** `2n` where it is a multiple of the nodes: what most people would have typed. */
const concurrencyWord = (concurrency: number, nodeCount: number): string =>
  concurrency % nodeCount === 0 ? `${concurrency / nodeCount}n` : String(concurrency);

const memoryWord = (bytes: number): string => (bytes % 2 ** 20 === 0 ? `${bytes / 2 ** 20}m` : String(bytes));

const quote = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
