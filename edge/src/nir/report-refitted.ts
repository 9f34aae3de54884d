/** Sections of a report about swatches that were left out. */
import type { Refitted } from './evaluate.ts';
import type { Split } from './leave-out.ts';
import type { MixFigures } from './mixes.ts';
import { number, tallyTable, type Section, type Table } from './report-table.ts';
import { mean, standardDeviation } from './statistics.ts';

export function refittedSections(refitted: readonly Refitted[]): Section[] {
  return refitted.flatMap((one): Section[] => {
    const { id } = one.model.file;
    switch (one.kind) {
      case 'not-possible':
        return [
          { title: `Coupons mis de côté (${id})`, paragraphs: [`Impossible : ${one.reason}`], tables: [] },
        ];
      case 'ratio':
        return [ratioSection(one)];
      case 'unmixing':
        return [
          {
            title: `Chaque coupon jugé sans lui (${id})`,
            paragraphs: ['Modèle refait sans le coupon jugé. D’abord sans les coupons écartés, puis avec.'],
            tables: [tallyTable(one.withoutExcluded), tallyTable(one.withExcluded)],
          },
          {
            title: `${one.splits.length} partages au hasard (${id})`,
            paragraphs: ['Un tiers des coupons de chaque fibre connue mis de côté.'],
            tables: [splitTable(one.splits)],
          },
          ...(one.mixes.length === 0 ? [] : [mixSection(one.mixes, id)]),
        ];
    }
  });
}

export function splitTable(splits: readonly Split[]): Table {
  const refused = splits.map(({ refusedShare }) => 100 * refusedShare);
  const right = splits.flatMap(({ rightShare }) => (rightShare === null ? [] : [100 * rightShare]));
  return {
    head: ['Quoi', 'Moyenne', 'Écart type', 'Pire partage'],
    rows: [
      splitRow('Justes parmi les acceptés', right, Math.min(...right)),
      splitRow('Refusés', refused, Math.max(...refused)),
    ],
  };
}

function splitRow(what: string, values: readonly number[], worst: number): string[] {
  return values.length === 0
    ? [what, '–', '–', '–']
    : [
        what,
        `${number(mean(values), 2)} %`,
        `± ${number(standardDeviation(values), 2)}`,
        `${number(worst)} %`,
      ];
}

function mixSection(mixes: readonly MixFigures[], id: string): Section {
  return {
    title: `Coton et polyester mêlés par calcul (${id})`,
    paragraphs: [
      'Spectres de coupons mis de côté, ajoutés en absorbance : ce que les gardes laissent passer pour du coton pur.',
    ],
    tables: [
      {
        head: [
          'Polyester vrai',
          'Dits coton pur',
          'Écart entre tirages',
          'Biais (points)',
          'Écart type (points)',
        ],
        rows: mixes.map(({ percent, passedPercent, passedSpread, bias, spread }) => [
          `${percent} %`,
          `${number(passedPercent, 0)} %`,
          `± ${number(passedSpread, 0)}`,
          bias === null ? '–' : number(bias),
          spread === null ? '–' : number(spread),
        ]),
      },
    ],
  };
}

function ratioSection({ model, figures, splitRmse }: Extract<Refitted, { kind: 'ratio' }>): Section {
  const spread =
    splitRmse.length === 0
      ? []
      : [
          [
            `RMSE, ${splitRmse.length} partages de deux tissus`,
            `${number(mean(splitRmse))} ± ${number(standardDeviation(splitRmse))} points`,
          ],
        ];
  return {
    title: `Chaque tissu jugé sans lui (${model.file.id})`,
    paragraphs: [],
    tables: [
      {
        head: ['Quoi', 'Résultat'],
        rows: [
          ['Tissus, spectres', `${figures.fabrics}, ${figures.n}`],
          ['RMSE, chaque tissu compte autant', `${number(figures.rmseByFabricPoints, 2)} points`],
          ['RMSE, chaque spectre compte autant', `${number(figures.rmsePoints, 2)} points`],
          ['À moins de deux RMSE', `${number(figures.withinTwoRmsePercent)} %`],
          ['Pire écart', `${number(figures.worstPoints)} points`],
          ['Refusés par la distance', String(figures.refused)],
          ...spread,
        ],
      },
    ],
  };
}
