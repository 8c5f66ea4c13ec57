// Run inside of a page: what is wrong with its layout, as a list of sentences.
(() => {
  const problems = [];
  const name = element => element.tagName.toLowerCase() + (element.id ? `#${element.id}` : '') +
                          (element.getAttribute('class') ? `.${element.getAttribute('class').trim().replaceAll(' ', '.')}` : '');
  const shorten = text => text.trim().replaceAll(/\s+/g, ' ').slice(0, 50);
  // For screen readers only: clipped away.
  const unseen = new Set([...document.querySelectorAll('.hidden, .skip, thead')].filter(one => one.matches('.skip') || getComputedStyle(one).clipPath === 'inset(50%)'));
  const visible = element => {
    for (let one = element; one; one = one.parentElement) if (unseen.has(one)) return false;
    return element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });
  };

  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width)
    problems.push(`the page scrolls sideways: ${document.documentElement.scrollWidth} > ${width}`);

  for (const element of document.body.querySelectorAll('*')) {
    if (element instanceof SVGElement || !visible(element)) continue;
    const style = getComputedStyle(element);
    if (style.display === 'inline' || element.getAttribute('role') === 'region') continue;
    if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 1)
      problems.push(`cut: ${name(element)} ${element.scrollWidth} > ${element.clientWidth}: ${shorten(element.textContent)}`);
  }

  // Every line of text as a box, as far as it is in sight.
  const boxes = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!node.data.trim() || ['STYLE', 'title', 'desc'].includes(parent.tagName) || !visible(parent)) continue;
    const region = parent.closest('[role=region]')?.getBoundingClientRect();
    const figure = parent.closest('svg') ? parent.closest('figure')?.getBoundingClientRect() : undefined;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      let [left, right, top, bottom] = [rect.left, rect.right, rect.top, rect.bottom];
      if (figure && (left < figure.left || right > figure.right || top < figure.top || bottom > figure.bottom))
        problems.push(`outside of its chart: ${shorten(node.data)}`);
      if (!region && (left < -0.5 || right > width + 0.5)) problems.push(`outside of the page: ${shorten(node.data)}`);
      if (region) {
        left = Math.max(left, region.left); right = Math.min(right, region.right);
        top = Math.max(top, region.top); bottom = Math.min(bottom, region.bottom);
      }
      // The box of a line is higher than its letters.
      const inset = (bottom - top) * 0.18;
      if (right - left > 2 && bottom - top > 4)
        boxes.push({ node, left: left + 1, right: right - 1, top: top + inset, bottom: bottom - inset });
    }
  }
  boxes.sort((a, b) => a.top - b.top);
  for (let i = 0; i < boxes.length; ++i) {
    for (let k = i + 1; k < boxes.length && boxes[k].top < boxes[i].bottom; ++k) {
      const [a, b] = [boxes[i], boxes[k]];
      if (a.node !== b.node && a.left < b.right && b.left < a.right)
        problems.push(`overlap: "${shorten(a.node.data)}" and "${shorten(b.node.data)}"`);
    }
  }
  return problems;
})()
