/**
 * What a node process is told by the environment that starts it: one JSON text, as its only argument, or as the first
 * line of its standard input where the argument is `-`, since those of a container stay the same over all its lives.
 */
import * as v from 'valibot';
import type { NodeId } from '../../core/ids.ts';
import type { SystemOptions } from '../../protocol/protocol.ts';
import { parseAddress } from './address.ts';

export interface NodeConfig {
  readonly system: string;
  readonly options: SystemOptions;
  /** `every-second` is the planted bug no-fsync. */
  readonly sync: 'always' | 'every-second';
  readonly self: NodeId;
  /** All nodes, spares included, and those of them that are in the initial configuration. */
  readonly nodes: readonly NodeId[];
  readonly members: readonly NodeId[];
  /** How often this node has started, this start included. */
  readonly life: number;
  readonly seed: number;
  /** The begin of the run in milliseconds since 1970. */
  readonly epoch: number;
  readonly listen: { readonly peers: string; readonly clients: string };
  /** Where each of the other nodes is reached. */
  readonly peers: { readonly [node: string]: string };
  /** Where its log of records is kept. */
  readonly directory: string;
  /** `frames` also logs every frame that comes and goes. */
  readonly logLevel: 'events' | 'frames';
  /** Ends with its standard input, which a harness holds open for as long as it lives. */
  readonly exitWithStdin: boolean;
}

const number = v.pipe(v.number(), v.finite());
const integer = v.pipe(v.number(), v.safeInteger());
const node = v.pipe(v.string(), v.regex(/^[\w-]+$/, 'is no name of a node'));
const address = v.pipe(
  v.string(),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    try {
      parseAddress(dataset.value);
    } catch (error) {
      addIssue({ message: (error as Error).message });
    }
  }),
);

/** Of exactly these fields: each of the others is a complaint of its own. */
const exactly = <Entries extends v.ObjectEntries>(entries: Entries) =>
  v.objectWithRest(entries, v.never('is a field that nobody reads'));

/** Of values by name. A list has numbers for names, so a record alone would take one. */
const byName = <Name extends v.GenericSchema<string>, Value extends v.GenericSchema>(name: Name, value: Value) =>
  v.pipe(
    v.unknown(),
    v.check((given) => !Array.isArray(given), 'is a list, and should have names'),
    v.record(name, value),
  );

const schema = v.pipe(
  exactly({
    system: v.string(),
    options: exactly({
      bug: v.nullable(v.string()),
      values: byName(v.string(), v.union([v.string(), number, v.boolean()])),
    }),
    sync: v.picklist(['always', 'every-second']),
    self: node,
    nodes: v.pipe(v.array(node), v.minLength(1)),
    members: v.pipe(v.array(node), v.minLength(1)),
    life: v.pipe(integer, v.minValue(1)),
    seed: integer,
    epoch: number,
    listen: exactly({ peers: address, clients: address }),
    peers: byName(node, address),
    directory: v.pipe(v.string(), v.minLength(1)),
    logLevel: v.picklist(['events', 'frames']),
    exitWithStdin: v.boolean(),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { self, nodes, members, peers } = dataset.value;
    const complain = (message: string): void => addIssue({ message });
    if (!nodes.includes(self)) complain(`self ${self} is not among the nodes`);
    for (const member of members) if (!nodes.includes(member)) complain(`member ${member} is not among the nodes`);
    for (const other of nodes) if (other !== self && !(other in peers)) complain(`peer ${other} has no address`);
  }),
);

/** Throws with every complaint, one per line. */
export function parseNodeConfig(text: string): NodeConfig {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`The configuration of the node is not JSON: ${(error as Error).message}`, { cause: error });
  }
  const parsed = v.safeParse(schema, json);
  if (!parsed.success) throw new Error(`The configuration of the node is wrong:\n${v.summarize(parsed.issues)}`);
  return parsed.output as unknown as NodeConfig;
}
