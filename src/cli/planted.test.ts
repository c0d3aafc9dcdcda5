import { describe, expect, it } from 'vitest';
import { catalogue } from './catalogue.ts';
import { simulated } from './environments.ts';
import { type Planted, plantedBugs, requestsOf } from './planted.ts';
import { testOf } from './test-command.ts';

const chosen = simulated();
const seeds = Array.from({ length: 25 }, (_, index) => index + 1);
const bugOf = ({ system, bug }: Planted) =>
  Object.values(catalogue.systems)
    .find(({ name }) => name === system)
    ?.bugs.find(({ name }) => name === bug);

describe('the search for a planted bug', () => {
  it.each(plantedBugs().map((planted) => [planted.bug, planted] as const))(
    '%s meets its options, nodes and nemeses in every run, a liveness phase, and so does its twin',
    (_name, planted) => {
      const { buggy, correct } = requestsOf(planted, chosen);
      const bug = bugOf(planted);
      const nemeses = bug?.nemeses.map((nemesis) => nemesis.split(':')[0]) ?? [];
      for (const seed of seeds) {
        const [one, other] = [buggy(seed), correct(seed)].map((request) => testOf({ request, chosen }, seed).plan);
        expect(one?.bug).toBe(planted.bug);
        expect(other).toEqual({ ...one, bug: null });
        expect(other?.workload).toBe(bug?.workload ?? 'register');
        expect(other?.systemOptions).toMatchObject(bug?.options ?? {});
        expect(other?.liveness).toBe(true);
        expect([other?.nodes.length, undefined]).toContain(bug?.nodeCount);
        expect([(other?.nemesisInterval ?? 0) / 1e9, undefined]).toContain(bug?.nemesisInterval);
        for (const nemesis of other?.nemeses ?? []) expect([...nemeses, 'none']).toContain(nemesis.split(':')[0]);
      }
    },
  );

  it('breaks something else where that is asked for', () => {
    for (const { request } of plantedBugs({ nemesis: 'none' })) expect(request.nemesis).toBe('none');
  });
});
