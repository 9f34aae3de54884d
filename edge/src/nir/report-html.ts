import type { Report } from './report.ts';
import type { Section, Table } from './report-table.ts';

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1b1b1b; background: #fff; }
h1 { font-size: 1.6rem } h2 { font-size: 1.2rem; margin-top: 2rem }
p { overflow-wrap: anywhere }
div { overflow-x: auto } table { border-collapse: collapse; margin: 1rem 0 }
th, td { border: 1px solid #bbb; padding: .3rem .6rem; text-align: left; font-variant-numeric: tabular-nums }
th { background: #f0f0f0 }
@media (prefers-color-scheme: dark) { body { background: #161616; color: #eee } th { background: #2a2a2a } th, td { border-color: #555 } }
`;

/** A report as one page that needs nothing else. */
export function html({ title, sections }: Report): string {
  return `<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${sections.map(sectionHtml).join('\n')}
</main>
</body>
</html>
`;
}

function sectionHtml({ title, paragraphs, tables }: Section): string {
  return [
    '<section>',
    `<h2>${escaped(title)}</h2>`,
    ...paragraphs.map((text) => `<p>${escaped(text)}</p>`),
    ...tables.map(tableHtml),
    '</section>',
  ].join('\n');
}

function tableHtml({ head, rows }: Table): string {
  const titles = head.map((text) => `<th scope="col">${escaped(text)}</th>`).join('');
  const lines = rows.map((cells) => `<tr>${cells.map((text) => `<td>${escaped(text)}</td>`).join('')}</tr>`);
  return `<div><table><thead><tr>${titles}</tr></thead>
<tbody>
${lines.join('\n')}
</tbody></table></div>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/gu, (character) => ENTITIES[character] ?? '');
}
