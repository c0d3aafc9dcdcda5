import { choose, describe, inRole, minimumFor, untouchedBy, type TargetName } from '../src/nemesis/targets.ts';
import type { Nemesis, NemesisVariant } from '../src/nemesis/nemesis.ts';

const variant = (name: TargetName, summary: string): NemesisVariant => ({
  name,
  summary,
  minimumNodes: minimumFor(name),
  plan(view) {
    const nodes = choose(name, view, untouchedBy(['kill', 'pause', 'disk'], view));
    return nodes && { fault: { kind: 'pause', nodes }, targets: describe(nodes, view), nodes };
  },
});

const ofRole = (role: string): NemesisVariant => ({
  name: role,
  summary: `The ${role}: it wakes up and still believes that it is.`,
  minimumNodes: 1,
  plan(view) {
    const nodes = inRole(role, view, untouchedBy(['kill', 'pause', 'disk'], view));
    return nodes && { fault: { kind: 'pause', nodes }, targets: `${describe(nodes, view)} (${role})`, nodes };
  },
});

export const pause: Nemesis = {
  name: 'pause',
  summary: 'Stops nodes with SIGSTOP and lets them go on later, as if no time had passed.',
  needs: ['pause'],
  variants: [
    variant('one', 'One node.'),
    variant('minority', 'As many nodes as may fail while a majority is left.'),
    variant('majority', 'A bare majority: the rest must not go on alone.'),
    { ...variant('primary', 'The node that leads: it wakes up and still believes so.'), favoured: true },
  ],
  ofRole,
};
