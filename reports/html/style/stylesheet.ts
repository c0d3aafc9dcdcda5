/** The one stylesheet of the page. */
import { foundation } from './foundation.ts';
import { headStyle } from './head.ts';
import { storyStyle } from './story.ts';
import { tablesStyle } from './tables.ts';

export const stylesheet: string = foundation + headStyle + storyStyle + tablesStyle;
