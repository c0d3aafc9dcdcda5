/**
 * Ways to other nodes that are slow or narrow, by the traffic control of the kernel. What is not on such a way, the
 * answers to clients above all, is not touched: it passes by the classes.
 */
import { networkInterfaces } from 'node:os';
import type { ShapedWay } from './requests.ts';
import { runTool } from './run-tool.ts';

/** Bytes a second that nobody reaches, for a way that is only slow. */
const boundless = 10_000_000_000;

/** What may wait for a narrow link: seconds of it, and at least a few packets, in bytes. */
const longestQueue = 0.3;
const leastQueue = 6_000;

/** Under which number which way goes. */
let shaped: readonly ShapedWay[] = [];
const minorOf = (index: number): string => (index + 16).toString(16);

let changes: Promise<unknown> = Promise.resolve();

/** One change after the other. Rejects with the complaint of the kernel. */
export async function shape(ways: readonly ShapedWay[]): Promise<void> {
  const change = changes.then(() => reshape(ways));
  changes = change.catch(() => null);
  await change;
}

async function reshape(ways: readonly ShapedWay[]): Promise<void> {
  const device = networkDevice();
  await runTool('tc', ['qdisc', 'del', 'dev', device, 'root']).catch(() => null);
  shaped = ways;
  if (ways.length === 0) return;
  const lines = [`qdisc add dev ${device} root handle 1: htb default 0`];
  for (const [index, { host, port, rate, delay }] of ways.entries()) {
    const minor = minorOf(index);
    lines.push(`class add dev ${device} parent 1: classid 1:${minor} htb rate ${8 * (rate ?? boundless)}bit`);
    // A narrow link without a bound on its queue would be late by minutes instead of narrow.
    const queue =
      delay === null
        ? `bfifo limit ${Math.max(leastQueue, Math.round((rate ?? boundless) * longestQueue))}`
        : `netem delay ${delay.mean}ms ${delay.jitter}ms`;
    lines.push(`qdisc add dev ${device} parent 1:${minor} handle ${minor}: ${queue}`);
    lines.push(
      `filter add dev ${device} parent 1: protocol ip u32 match ip dst ${host}/32 match ip dport ${port} 0xffff flowid 1:${minor}`,
    );
  }
  await runTool('tc', ['-batch', '-'], `${lines.join('\n')}\n`);
}

/** What the kernel has counted on the way to a node so far, at a moment of the monotonic clock in milliseconds. */
export interface Count {
  readonly bytes: number;
  readonly at: number;
  /** Counters begin anew with every change of these. */
  readonly ways: readonly ShapedWay[];
}

/** How many bytes the kernel has let through on the way to a node, whoever sent them; null while it is not shaped. */
export async function count(host: string): Promise<Count | null> {
  const ways = shaped;
  const index = ways.findIndex((way) => way.host === host);
  if (index < 0) return null;
  const text = await runTool('tc', ['-s', 'class', 'show', 'dev', networkDevice()]);
  const sent = new RegExp(`^class htb 1:${minorOf(index)} [^\\n]*\\n Sent (\\d+) bytes`, 'm').exec(text)?.[1];
  return sent === undefined ? null : { bytes: Number(sent), at: performance.now(), ways };
}

/** What the kernel knows, found out on the loopback device of this namespace, which nobody else uses. */
export async function shapingAbilities(): Promise<{ readonly rate: boolean; readonly delay: boolean }> {
  const rate = await knows('handle 1: htb default 0');
  return { rate, delay: rate && (await knows('netem delay 1ms')) };
}

async function knows(discipline: string): Promise<boolean> {
  const added = await runTool('tc', `qdisc add dev lo root ${discipline}`.split(' ')).then(
    () => true,
    () => false,
  );
  if (added) await runTool('tc', 'qdisc del dev lo root'.split(' ')).catch(() => null);
  return added;
}

function networkDevice(): string {
  const device = Object.entries(networkInterfaces()).find(([, all]) => all?.some(({ internal }) => !internal))?.[0];
  if (device === undefined) throw new Error('this container has no network');
  return device;
}
