/**
 * The program of a network holder: it owns the network namespace of a node, which joins it and may itself change
 * nothing there. So faults survive the node's death, can be changed while the node is paused, and need nothing in
 * somebody else's image. It ends with its standard input, which the harness holds open.
 */
import { execFile } from 'node:child_process';
import { createInterface } from 'node:readline';
import { messageOf } from '../../../core/errors.ts';
import { ClockFile } from './clock-file.ts';
import { clockVariables } from './clock-variables.ts';
import type { Push } from './trying.ts';
import { dial, push } from './trying.ts';
import { Tunnels } from './tunnels.ts';
import { collect, write } from './volume.ts';
import type { Abilities, HolderMessage, HolderReport, HolderRequest, Pushed, TunnelMessage } from './requests.ts';
import { Rules } from './rules.ts';
import { count, shape, shapingAbilities } from './shaping.ts';

/** Its arguments: the clock file of its node, and the library that makes programs believe in it. */
const [clockPath = '', library = ''] = process.argv.slice(2);
const clock = new ClockFile(clockPath);
const opened: Promise<Rules | Error> = Rules.open().catch((error: unknown) => new Error(messageOf(error)));

async function perform(request: HolderRequest): Promise<unknown> {
  let value: unknown = null;
  switch (request.kind) {
    case 'abilities':
      value = await abilities();
      break;
    case 'cut':
      await (await rules()).cut(request.sources, request.ports);
      break;
    case 'dropped':
      value = await (await rules()).dropped();
      break;
    case 'dial':
      value = await dial(request.host, request.port, request.within);
      break;
    case 'push':
      value = await pushOver(request);
      break;
    case 'shape':
      await shape(request.ways);
      break;
    case 'write':
      write(request.path, request.text);
      break;
    case 'collect':
      value = collect(request.path, request.most);
      break;
    case 'skew':
      clock.set(request.fault, request.skew);
      break;
    case 'clock':
      value = Date.now();
      break;
    case 'ahead':
      value = await readAhead();
      break;
  }
  return value;
}

async function pushOver(request: Push): Promise<Pushed> {
  const before = await count(request.host);
  const took = await push(request);
  const after = await count(request.host);
  if (before === null || after === null || before.ways !== after.ways) return { took, carried: null };
  return { took, carried: { bytes: after.bytes - before.bytes, within: after.at - before.at } };
}

async function rules(): Promise<Rules> {
  const seen = await opened;
  if (seen instanceof Error)
    throw new Error(`no packets can be dropped in the containers of this engine: ${seen.message}. See harness doctor.`);
  return seen;
}

async function abilities(): Promise<Abilities> {
  const seen = await opened;
  const shaping = await shapingAbilities();
  if (seen instanceof Error) return { rules: null, why: seen.message, ...shaping };
  return { rules: seen.flavour, why: '', ...shaping };
}

/** Another program under the same file: what the node will see, even if it is paused or dead now. */
function readAhead(): Promise<number> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...clockVariables(library, clockPath) };
    // The monotonic clock is that of the machine for both, so it tells when the program looked at the other one.
    const script =
      'const [wall, monotonic] = process.argv.slice(1).map(Number);' +
      'process.stdout.write(String(Date.now() - wall - (Number(process.hrtime.bigint()) / 1e6 - monotonic)))';
    const wall = Date.now();
    const monotonic = Number(process.hrtime.bigint()) / 1e6;
    execFile(process.execPath, ['-e', script, String(wall), String(monotonic)], { env }, (error, stdout) =>
      error === null ? resolve(Number(stdout)) : reject(error),
    );
  });
}

const answer = (message: HolderReport): void => void process.stdout.write(`${JSON.stringify(message)}\n`);

const tunnels = new Tunnels({
  data: (channel, chunk) => answer({ kind: 'data', channel, base64: chunk.toString('base64') }),
  closed: (channel) => answer({ kind: 'close', channel }),
});

function pass(message: TunnelMessage): void {
  if (message.kind === 'open') tunnels.open(message.channel, message.port);
  else if (message.kind === 'data') tunnels.send(message.channel, Buffer.from(message.base64, 'base64'));
  else tunnels.close(message.channel);
}

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line) as HolderMessage;
  if ('channel' in message) pass(message);
  else
    perform(message).then(
      (value) => answer({ id: message.id, ok: true, value }),
      (error: unknown) => answer({ id: message.id, ok: false, error: messageOf(error) }),
    );
}
process.exit(0);
