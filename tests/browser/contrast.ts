/**
 * Runs in the page: every text with less contrast than 4.5 to 1 against what is behind it (WCAG 2.2, 1.4.3), as
 * `ratio: text`. A text in a bar of the lanes stands on the bar, a number on its circle, all other texts on the first
 * opaque background above them.
 */
export const lowContrast: string = `(() => {
  const channels = (colour) => {
    const numbers = colour.match(/-?[\\d.]+(?:e-?\\d+)?/g).map(Number);
    const scale = colour.startsWith('color(') ? 255 : 1;
    return { rgb: numbers.slice(0, 3).map((number) => number * scale), alpha: numbers[3] ?? 1 };
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((value) => value / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const over = (front, alpha, back) => front.map((value, index) => value * alpha + back[index] * (1 - alpha));
  const behind = (element) => {
    if (element === null) return [255, 255, 255];
    const { rgb, alpha } = channels(getComputedStyle(element).backgroundColor);
    return alpha === 1 ? rgb : over(rgb, alpha, behind(element.parentElement));
  };
  const found = [];
  for (const element of document.querySelectorAll('body *')) {
    const text = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data).join('').trim();
    if (text === '' || ['SCRIPT', 'STYLE', 'OPTION'].includes(element.tagName)) continue;
    const box = element.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) continue;
    const style = getComputedStyle(element);
    const inPicture = element.ownerSVGElement !== undefined && element.ownerSVGElement !== null;
    const shape = element.matches('.inside') ? element.parentElement.querySelector('rect') : element.matches('text.place') ? element.previousElementSibling : null;
    const back = shape === null ? behind(inPicture ? element.ownerSVGElement.parentElement : element) : channels(getComputedStyle(shape).fill).rgb;
    const { rgb, alpha } = channels(inPicture ? style.fill : style.color);
    const [light, dark] = [luminance(over(rgb, alpha, back)), luminance(back)].sort((one, other) => other - one);
    const ratio = (light + 0.05) / (dark + 0.05);
    if (ratio < 4.5) found.push(ratio.toFixed(2) + ': ' + text.slice(0, 60));
  }
  return found;
})()`;
