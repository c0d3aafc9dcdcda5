/**
 * The script of the page: the sources of four classes, so that they are checked by the compiler and the linter like
 * all other code and still need no build step of their own. It holds as long as each class uses nothing of its module
 * but itself and what it is handed; the browser tests would see a name that is missing.
 */
import { LaneDrawing } from './lane-drawing.ts';
import { LaneGeometry } from './lane-geometry.ts';
import { Page } from './page.ts';
import { Story } from './story.ts';

const classes: readonly { toString(): string }[] = [LaneGeometry, LaneDrawing, Story, Page];

export const pageScript: string = `'use strict';
{
${classes.map(String).join('\n')}
new Page(window, { LaneGeometry, LaneDrawing, Story });
}
`;
