/** A system, a workload and a nemesis that do the least, and tests made of them. */
import type { Generator } from '../../generators/generator.ts';
import type { Workload } from '../../generators/workload.ts';
import type { Nemesis } from '../../nemesis/nemesis.ts';
import type { ClientMachine } from '../../protocol/client.ts';
import type { Json } from '../../core/json.ts';
import type { AnyProtocolSystem } from '../../protocol/system.ts';
import type { Catalogue } from '../catalogue.ts';
import { type PlanRequest, expand } from '../expand.ts';
import type { Test } from '../plan.ts';

/** One attempt at the home node; it waits for ever. */
class PatientClient implements ClientMachine {
  readonly #home;
  #attempt = 0;

  constructor({ home }: Parameters<AnyProtocolSystem['client']>[0]) {
    this.#home = home;
  }

  step(...[, input, effects]: Parameters<ClientMachine['step']>): void {
    if (input.kind === 'invoke') {
      const { f, key, value } = input.call;
      effects.request(++this.#attempt, this.#home, { type: f, key, value });
    }
    if (input.kind === 'reply') {
      const [value] = input.body['answer'] as readonly [Json];
      effects.complete({ type: 'ok', value }, this.#home);
    }
  }
}

export const ledger: AnyProtocolSystem = {
  kind: 'protocol',
  name: 'ledger',
  summary: 'A map.',
  protocol: {
    name: 'ledger',
    start: () => {
      throw new Error('never started');
    },
  },
  client: (context) => new PatientClient(context),
  claims: () => [{ model: 'linearizable', operations: ['read', 'write', 'cas'], assumes: {}, live: () => [] }],
  options: [
    { name: 'pages', summary: 'How many pages.', fallback: 8, range: [1, 100], explored: [1, 2] },
    { name: 'ink', summary: 'The colour.', fallback: 'black', choices: ['black', 'red'] },
    { name: 'size', summary: 'Of a page.', fallback: 1 },
  ],
  bugs: [
    { name: 'blot', summary: 'Loses a page.', nemeses: ['cut'], options: { pages: 2 } },
    { name: 'smear', summary: 'Mixes pages up.', nemeses: ['cut'], options: {}, workload: 'scribble', nodeCount: 4 },
  ],
  operations: ['read', 'write', 'cas'],
};

const calls = (issued: number): Generator => ({
  next: ({ free, random }) => {
    const [thread] = free;
    if (thread === undefined) return { kind: 'done' };
    const f = random.pick(['read', 'read', 'write', 'cas']);
    const value = f === 'read' ? null : f === 'write' ? issued : [Math.max(0, issued - random.below(3)), issued];
    return {
      kind: 'call',
      process: thread.process,
      call: { f, key: 'k', value },
      rest: calls(issued + (f === 'read' ? 0 : 1)),
    };
  },
});

const reads = (left: number): Generator => ({
  next: ({ free }) => {
    const [thread] = free;
    if (left === 0 || thread === undefined) return { kind: 'done' };
    return { kind: 'call', process: thread.process, call: { f: 'read', key: 'k', value: null }, rest: reads(left - 1) };
  },
});

export const scribble: Workload = {
  name: 'scribble',
  summary: 'One register.',
  options: [
    { name: 'lines', summary: 'How many lines.', fallback: 1, range: [1, 10] },
    { name: 'size', summary: 'Of a line.', fallback: 1 },
    { name: 'neat', summary: 'Neatly.', fallback: true },
    { name: 'swaps', summary: 'Share of cas.', fallback: 5, range: [0, 10], shareOf: 'cas' },
  ],
  functions: ({ swaps }) => (swaps === 0 ? ['read', 'write'] : ['read', 'write', 'cas']),
  decides: [{ model: 'linearizable', dataModel: 'cas-register', operations: ['read', 'write', 'cas'] }],
  generator: () => calls(1),
  final: () => reads(3),
};

export const cut: Nemesis = {
  name: 'cut',
  summary: 'Cuts n1 off.',
  needs: ['partition'],
  variants: [
    {
      name: 'first',
      summary: 'n1.',
      minimumNodes: 2,
      plan: ({ nodes }) => {
        const [first, second] = nodes;
        if (first === undefined || second === undefined) return null;
        return { fault: { kind: 'partition', cut: [[first, second]] }, targets: 'n1 | n2', nodes: [first] };
      },
    },
    { name: 'seventh', summary: 'n7.', minimumNodes: 7, plan: () => null },
  ],
};

const none: Nemesis = { name: 'none', summary: 'Nothing.', needs: [], variants: [] };

export const fakeCatalogue: Catalogue = {
  systems: {
    ledger,
    'pre-ledger': { ...ledger, name: 'pre-ledger', bugs: [] },
    chronicle: { ...ledger, name: 'chronicle', bugs: [], operations: ['read', 'write'] },
  },
  workloads: { scribble },
  nemeses: { cut, none },
};

export const fakeEnvironmentChoice = {
  name: 'sim',
  reason: '--env sim was given',
  faults: new Set(['partition'] as const),
} as const;

export const fakeTest = (request: Partial<PlanRequest> = {}): Test =>
  expand(
    { system: 'ledger', workload: 'scribble', nodeCount: 3, timeLimit: 5, rate: 50, seed: 7, ...request },
    fakeEnvironmentChoice,
    fakeCatalogue,
  );
