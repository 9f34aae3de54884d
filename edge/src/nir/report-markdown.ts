import type { Report } from './report.ts';
import type { Table } from './report-table.ts';

/** A report as Markdown. */
export function markdown({ title, sections }: Report): string {
  const parts = sections.flatMap((section) => [
    `## ${section.title}`,
    ...section.paragraphs.map(escaped),
    ...section.tables.map(tableText),
  ]);
  return `${[`# ${title}`, ...parts].join('\n\n')}\n`;
}

function line(cells: readonly string[]): string {
  return `| ${cells.map(escaped).join(' | ')} |`;
}

function tableText({ head, rows }: Table): string {
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/** Names of swatches and files are not markup. */
function escaped(text: string): string {
  return text.replaceAll(/[\\|`*_<>[\]]/gu, String.raw`\$&`).replaceAll(/\s+/gu, ' ');
}
