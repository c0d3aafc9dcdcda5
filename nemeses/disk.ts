/**
 * Disks that fail when something is written. Most of what an honest store gets wrong about its disk is how it deals
 * with such errors (Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020).
 */
import { milliseconds } from '../src/core/time.ts';
import { inTouch } from '../src/nemesis/bounds.ts';
import { choose, describe, untouchedBy, type TargetName } from '../src/nemesis/targets.ts';
import type { Nemesis, NemesisVariant, NemesisView, PlannedFault } from '../src/nemesis/nemesis.ts';

type Trouble = Extract<PlannedFault['fault'], { kind: 'disk' }>['trouble'];

/** A node that is cut off, down or paused may write nothing for long, and then the trouble would befall nobody. */
function writers(view: NemesisView): NemesisView['nodes'] {
  const group = inTouch(
    view.active.map(({ fault }) => fault),
    view.nodes,
  );
  if (2 * group.length <= view.nodes.length) return [];
  return untouchedBy(['kill', 'pause', 'disk'], view).filter((node) => group.includes(node));
}

const sizes: readonly TargetName[] = ['one', 'one', 'minority', 'primary'];

function plan(view: NemesisView, trouble: Trouble, available: NemesisView['nodes']): PlannedFault | null {
  const nodes = choose(view.random.pick(sizes), view, available) ?? choose('one', view, available);
  return nodes && { fault: { kind: 'disk', nodes, trouble }, targets: describe(nodes, view), nodes };
}

const torn: NemesisVariant = {
  name: 'torn',
  summary: 'Kills nodes in the midst of a write, whose last record is torn.',
  minimumNodes: 1,
  favoured: true,
  plan: (view) => plan(view, { type: 'torn' }, writers(view)),
};

const syncError: NemesisVariant = {
  name: 'sync-error',
  summary: 'The next sync fails, which is fatal to the node; it starts again later.',
  minimumNodes: 1,
  plan: (view) => plan(view, { type: 'sync-error' }, writers(view)),
};

const full: NemesisVariant = {
  name: 'full',
  summary: 'The disk is full: every write fails, which is fatal to the node, however often it is started again.',
  minimumNodes: 1,
  plan: (view) => plan(view, { type: 'full' }, writers(view)),
};

const slow: NemesisVariant = {
  name: 'slow',
  summary: 'Every sync takes 20 to 500 ms.',
  minimumNodes: 1,
  plan(view) {
    const sync = milliseconds(view.random.pick([20, 100, 500]));
    const planned = plan(view, { type: 'slow', sync }, untouchedBy(['kill', 'pause', 'disk'], view));
    return planned && { ...planned, targets: `${planned.targets}: ${sync / 1e6} ms a sync` };
  },
};

export const disk: Nemesis = {
  name: 'disk',
  summary: 'Tears writes, fails syncs, fills disks or slows them down.',
  needs: ['disk'],
  variants: [torn, syncError, full, slow],
};
