/** The one stylesheet of the page. */
import { baseStyle } from './base.ts';
import { frameStyle } from './frame.ts';
import { headStyle } from './head.ts';
import { lanesStyle } from './lanes.ts';
import { palette } from './palette.ts';
import { signsStyle } from './signs.ts';
import { storyStyle } from './story.ts';
import { tablesStyle } from './tables.ts';

export const stylesheet: string = [
  palette,
  baseStyle,
  signsStyle,
  frameStyle,
  headStyle,
  storyStyle,
  lanesStyle,
  tablesStyle,
].join('');
