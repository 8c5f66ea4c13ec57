// Texts that try to be more than text: classic vectors, each out of many wrappings, and rewritten in many ways.

/// `canary` is an address that nothing must ask for; `count` texts, all different, the same each time for the same address.
export function payloads(canary, count) {
  const vectors = [
    `<script>alert(1)</script>`, `<script src="${canary}"></script>`, `<script type=module src=${canary}></script>`,
    `<img src=x onerror=alert(1)>`, `<img src="${canary}">`, `<img srcset="${canary} 1x">`, `<picture><source srcset=${canary}><img></picture>`,
    `<svg onload=alert(1)>`, `<svg><script>alert(1)</script></svg>`, `<svg><script href="${canary}"/></svg>`,
    `<svg><animate onbegin=alert(1) attributeName=x dur=1s>`, `<svg><set attributeName=href to=javascript:alert(1)>`,
    `<svg><use href="${canary}#x"/></svg>`, `<svg><image href="${canary}"/></svg>`, `<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>`,
    `<svg><foreignObject><iframe src="${canary}"></iframe></foreignObject></svg>`, `<svg><style>*{background:url(${canary})}</style></svg>`,
    `<iframe src="${canary}"></iframe>`, `<iframe srcdoc="<script>parent.alert(1)</script>"></iframe>`, `<object data="${canary}"></object>`,
    `<embed src="${canary}">`, `<link rel=stylesheet href="${canary}">`, `<link rel=prefetch href=${canary}>`, `<link rel=preconnect href=${canary}>`,
    `<meta http-equiv=refresh content="0;url=${canary}">`, `<base href="${canary}">`, `<form action="${canary}"><input autofocus onfocus=alert(1)>`,
    `<input type=image src=${canary}>`, `<details open ontoggle=alert(1)>x</details>`, `<video src=${canary} onerror=alert(1)></video>`,
    `<audio src=${canary} autoplay></audio>`, `<body onload=alert(1)>`, `<body background=${canary}>`, `<table background="${canary}"><td>`,
    `<marquee onstart=alert(1)>x</marquee>`, `<frameset onload=alert(1)>`, `<math><mtext><style><img src onerror=alert(1)></style></mtext></math>`,
    `<math href="javascript:alert(1)">x</math>`, `<noscript><p title="</noscript><img src=${canary}>">`, `<template><script>alert(1)</script></template>`,
    `<textarea></textarea><script>alert(1)</script>`, `<xmp><p title="</xmp><img src onerror=alert(1)>">`, `<plaintext>`, `<!--<img src=${canary}>-->`,
    `<![CDATA[<script>alert(1)</script>]]>`, `<?xml-stylesheet href="${canary}"?>`, `<!DOCTYPE x SYSTEM "${canary}">`, `<x onclick=alert(1) style=display:block>x`,
    `<style>@import "${canary}";</style>`, `<div style="background:url(${canary})">x</div>`, `x" onmouseover="alert(1)`, `x' onfocus='alert(1)' autofocus='`,
    `x onmouseover=alert(1) y=`, `<a href="javascript:alert(1)">x</a>`, `javascript:alert(1)`, `data:text/html,<script>alert(1)</script>`, `vbscript:msgbox(1)`,
    `file:///etc/passwd`, `${canary}" onmouseover="alert(1)`, `${canary}"><script>alert(1)</script>`, `<a href='${canary}?`, `<img src='${canary}?`,
    `{{constructor.constructor('alert(1)')()}}`, '${alert(1)}', `url(${canary})`, `@import '${canary}'`, `\\u003cscript\\u003ealert(1)\\u003c/script\\u003e`,
  ];
  const wrappings = ['', '">', `'>`, '"', `'`, '`', '</title>', '</desc>', '</style>', '</script>', '-->', ']]>', '</text></svg>', '</td></tr></table>', '</textarea>',
                     '</details></section></main>', '&quot;>', '\u2028', '\u202e', '\u0007\u001b[31m', '\u00a0', '\u{1F345} ', '%22%3E', '\n\n', '\ufeff', '\u0085'];
  const rewritings = [
    text => text,
    text => [...text].map((c, i) => i % 2 ? c.toUpperCase() : c.toLowerCase()).join(''),
    text => text.replaceAll(' ', '/'),
    text => text.replaceAll(' ', '\t'),
    text => text.replaceAll(' ', '\n'),
    text => text.replaceAll(' ', '\f'),
    text => text.replaceAll('<', '<<'),
    text => text.replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    text => text.replaceAll('<', '&#x3c;').replaceAll('>', '&#62'),
    text => text.replaceAll('<', '%3C').replaceAll('>', '%3E'),
    text => text.replaceAll('<', '\uff1c').replaceAll('>', '\uff1e'),
    text => text.replaceAll('script', 'scr<script>ipt'),
    text => text.replaceAll('javascript:', 'java\tscript:').replaceAll('alert', '\\u0061lert'),
    text => text.replaceAll('"', ''),
    text => text.replaceAll('"', `'`),
    text => text.replaceAll('>', ''),
    text => text.replaceAll('=', ' = '),
    text => text.replaceAll('alert(1)', 'alert`1`'),
    text => `${text}<!--`,
    text => `${text} ${text}`,
  ];
  const all = new Set();
  for (const rewrite of rewritings)
    for (const wrapping of wrappings)
      for (const vector of vectors) all.add(wrapping + rewrite(vector));
  const list = [...all];
  // Evenly out of all, every bare vector first.
  const chosen = new Set(vectors);
  for (let i = 0; chosen.size < count; i = (i + 7919) % list.length) chosen.add(list[i]);
  return [...chosen].slice(0, count);
}

/// As earshot shows what would steer a terminal or turn text around: store/base/terminal_text.cpp.
export function printable(text, keep_lines) {
  return [...text].map(c => {
    const code = c.codePointAt(0);
    if (keep_lines && (c === '\n' || c === '\t')) return c;
    const steers = code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0x61c || code === 0x200e || code === 0x200f ||
                   (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
    if (!steers) return c;
    if (c === '\n') return '\\n';
    if (c === '\r') return '\\r';
    if (c === '\t') return '\\t';
    return code < 0x80 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  }).join('');
}
