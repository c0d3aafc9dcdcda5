/**
 * What a node process is told by the environment that starts it: one JSON text, as its only argument, or `@` and the path
 * of a file that holds it, where the arguments stay the same over several lives.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
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

const node = z.string().regex(/^[\w-]+$/, 'is no name of a node');
const address = z.string().superRefine((text, context) => {
  try {
    parseAddress(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
  }
});

const schema = z
  .strictObject({
    system: z.string(),
    options: z.strictObject({
      bug: z.string().nullable(),
      values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    }),
    sync: z.enum(['always', 'every-second']),
    self: node,
    nodes: z.array(node).min(1),
    members: z.array(node).min(1),
    life: z.int().min(1),
    seed: z.int(),
    epoch: z.number(),
    listen: z.strictObject({ peers: address, clients: address }),
    peers: z.record(node, address),
    directory: z.string().min(1),
    logLevel: z.enum(['events', 'frames']),
    exitWithStdin: z.boolean(),
  })
  .superRefine(({ self, nodes, members, peers }, context) => {
    const complain = (message: string): void => context.addIssue({ code: 'custom', message });
    if (!nodes.includes(self)) complain(`self ${self} is not among the nodes`);
    for (const member of members) if (!nodes.includes(member)) complain(`member ${member} is not among the nodes`);
    for (const other of nodes) if (other !== self && !(other in peers)) complain(`peer ${other} has no address`);
  });

/** Throws with every complaint, one per line. */
export function parseNodeConfig(argument: string): NodeConfig {
  const text = argument.startsWith('@') ? readFileSync(argument.slice(1), 'utf8') : argument;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`The configuration of the node is not JSON: ${(error as Error).message}`, { cause: error });
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw new Error(`The configuration of the node is wrong:\n${z.prettifyError(parsed.error)}`);
  return parsed.data as unknown as NodeConfig;
}
