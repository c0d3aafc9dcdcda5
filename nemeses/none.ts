import type { Nemesis } from '../src/nemesis/nemesis.ts';

export const none: Nemesis = {
  name: 'none',
  summary: 'Breaks nothing: shows what the system does in good weather.',
  variants: [],
  needs: [],
};
