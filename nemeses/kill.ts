import { choose, describe, inRole, minimumFor, untouchedBy, type TargetName } from '../src/nemesis/targets.ts';
import type { Nemesis, NemesisVariant } from '../src/nemesis/nemesis.ts';

const variant = (name: TargetName, summary: string): NemesisVariant => ({
  name,
  summary,
  minimumNodes: minimumFor(name),
  plan(view) {
    const nodes = choose(name, view, untouchedBy(['kill', 'pause'], view));
    return nodes && { fault: { kind: 'kill', nodes }, targets: describe(nodes, view), nodes };
  },
});

const ofRole = (role: string): NemesisVariant => ({
  name: role,
  summary: `The ${role}.`,
  minimumNodes: 1,
  plan(view) {
    const nodes = inRole(role, view, untouchedBy(['kill', 'pause'], view));
    return nodes && { fault: { kind: 'kill', nodes }, targets: `${describe(nodes, view)} (${role})`, nodes };
  },
});

export const kill: Nemesis = {
  name: 'kill',
  summary: 'Kills nodes with SIGKILL and starts them again: what was not synced may be lost.',
  needs: ['kill'],
  variants: [
    variant('one', 'One node.'),
    variant('minority', 'As many nodes as may fail while a majority is left.'),
    variant('majority', 'A bare majority: the rest must not go on alone.'),
    variant('all', 'All nodes at once, as in a power failure.'),
  ],
  ofRole,
};
