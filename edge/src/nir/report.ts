/** What an evaluation says, in tables; in French, for those who buy and run a sorting line. */
import { RECOGNISED_FIBRES } from '@trame/protocol/classification/fibre-names';
import { FIBRE_REFUSALS, type FibreRefusal } from '@trame/protocol/classification/fibre-verdict';
import { FIBRE_WORDS as PROGRAMME_FIBRE_WORDS } from '@trame/protocol/sort-programmes/input-words';
import type { EvaluatedRow, Evaluation, Refitted } from './evaluate.ts';
import { calibrationBins } from './fit-probability.ts';
import { fibresOf, LABEL_FIBRES, onlyFibre, rowKind, type LabelFibre } from './labelled-row.ts';
import { refittedSections } from './report-refitted.ts';
import { calibrationTable, number, tallyTable, type Section } from './report-table.ts';
import { groupBy, mean, rootMeanSquare } from './statistics.ts';

export interface Report {
  readonly title: string;
  readonly sections: readonly Section[];
}

const FIBRE_WORDS = { ...PROGRAMME_FIBRE_WORDS, cellulosic: 'cellulosique' };
const LABEL_WORDS: Readonly<Record<LabelFibre, string>> = { ...FIBRE_WORDS, nylon: FIBRE_WORDS.polyamide };
const REFUSAL_WORDS: Readonly<Record<FibreRefusal, string>> = {
  'not-a-number': 'valeur illisible',
  'wrong-length': 'longueur fausse',
  'wrong-grid': "longueurs d'onde fausses",
  'wrong-quantity': 'grandeur fausse',
  flat: 'spectre plat',
  saturated: 'saturé',
  background: 'fond vu à travers',
  distance: 'ne ressemble à rien de connu',
  'other-fibre': 'fibre non triée',
  blend: 'mélange',
  'out-of-range': "hors plage d'étalonnage",
  'wrong-instrument': 'autre instrument',
  'no-model': 'aucun modèle',
};

export interface ReportContext {
  readonly program: string;
  /** UTC, ISO 8601. */
  readonly at: string;
  readonly command: string;
}

export function reportOf(
  evaluation: Evaluation,
  refitted: readonly Refitted[],
  context: ReportContext,
): Report {
  return {
    title: 'Évaluation de la reconnaissance des fibres',
    sections: [
      summarySection(evaluation),
      confusionSection(evaluation.judged),
      refusalSection(evaluation.judged),
      ratioSection(evaluation.judged),
      calibrationSection(evaluation.judged),
      ...refittedSections(refitted),
      ...evaluation.models.map((model) => modelSection(model.file)),
      provenanceSection(evaluation, context),
    ],
  };
}

function summarySection({ tally, judged, learntFrom, files }: Evaluation): Section {
  const warning =
    learntFrom.length === 0
      ? []
      : [
          `Attention : les modèles sont faits de ces fichiers (${learntFrom.join(', ')}). Ces chiffres disent moins que ceux de ` +
            "coupons qu'ils n'ont jamais vus.",
        ];
  return {
    title: 'En bref',
    paragraphs: [`${judged.length} spectres de ${files.length} fichier(s).`, ...warning],
    tables: [tallyTable(tally)],
  };
}

function confusionSection(judged: readonly EvaluatedRow[]): Section {
  const named = RECOGNISED_FIBRES.filter((fibre) => judged.some(({ verdict }) => verdict.fibre === fibre));
  const groups = [...groupBy(judged, ({ row }) => labelWords(row))].toSorted(([a], [b]) => compare(a, b));
  return {
    title: 'Matrice de confusion',
    paragraphs: [
      'Une ligne par étiquette, une colonne par fibre nommée. Coton, lin et viscose : « cellulosique ».',
    ],
    tables: [
      {
        head: ['Étiquette', 'Spectres', ...named.map((fibre) => FIBRE_WORDS[fibre]), 'refusés'],
        rows: groups.map(([label, rows]) => [
          label,
          String(rows.length),
          ...named.map((fibre) => String(rows.filter(({ verdict }) => verdict.fibre === fibre).length)),
          String(rows.filter(({ verdict }) => verdict.refusal !== null).length),
        ]),
      },
    ],
  };
}

function labelWords(row: EvaluatedRow['row']): string {
  const fibres = fibresOf(row.label);
  const only = onlyFibre(row);
  if (only !== null) return LABEL_WORDS[only];
  if (fibres.length === 0) return row.className === '' ? 'sans étiquette' : row.className;
  return fibres.map((fibre) => `${LABEL_WORDS[fibre]} ${number(row.label[fibre] ?? 0)}`).join(' / ');
}

const KIND_WORDS = { known: 'une fibre connue', blend: 'mélange', unknown: 'inconnue' } as const;

function refusalSection(judged: readonly EvaluatedRow[]): Section {
  const kinds = ['known', 'blend', 'unknown'] as const;
  const reasons = FIBRE_REFUSALS.filter((reason) => judged.some(({ verdict }) => verdict.refusal === reason));
  return {
    title: 'Refus par motif',
    paragraphs: [],
    tables: [
      {
        head: ['Motif', ...kinds.map((kind) => KIND_WORDS[kind])],
        rows: reasons.map((reason) => [
          REFUSAL_WORDS[reason],
          ...kinds.map((kind) =>
            String(
              judged.filter(({ row, verdict }) => rowKind(row) === kind && verdict.refusal === reason).length,
            ),
          ),
        ]),
      },
    ],
  };
}

function ratioSection(judged: readonly EvaluatedRow[]): Section {
  const blends = judged.filter(({ row }) => rowKind(row) === 'blend');
  const rows = [...groupBy(blends, ({ row }) => labelWords(row))]
    .toSorted(([a], [b]) => compare(a, b))
    .map(([label, reads]) => {
      const first = fibresOf(reads[0]?.row.label ?? {})[0] ?? 'cotton';
      const said = reads.flatMap(({ verdict }) => {
        if (verdict.composition.length === 0) return [];
        const share = verdict.composition.find(({ fibre }) => fibre === LABEL_FIBRES[first]);
        return [share?.percent ?? 0];
      });
      const truth = reads[0]?.row.label[first] ?? 0;
      const errors = said.map((percent) => percent - truth);
      return [
        label,
        String(reads.length),
        String(said.length),
        said.length === 0 ? '–' : `${LABEL_WORDS[first]} ${number(mean(said))} %`,
        said.length === 0 ? '–' : number(rootMeanSquare(errors)),
      ];
    });
  return {
    title: 'Composition des mélanges',
    paragraphs: ['Part de la première fibre, en moyenne sur les lectures dont la composition est donnée.'],
    tables: [{ head: ['Étiquette', 'Spectres', 'Avec composition', 'Lu', 'RMSE (points)'], rows }],
  };
}

function calibrationSection(judged: readonly EvaluatedRow[]): Section {
  const trials = judged.flatMap(({ row, verdict }) => {
    if (verdict.probability === null) return [];
    const only = onlyFibre(row);
    const [largest] = verdict.composition;
    const isPure = rowKind(row) === 'known' && only !== null && largest?.fibre === LABEL_FIBRES[only];
    return [{ said: verdict.probability, was: isPure ? 1 : 0, weight: 1 }];
  });
  return {
    title: 'Probabilités',
    paragraphs: ['Probabilité dite que la fibre soit juste et pure, et part où elle l’était.'],
    tables: [calibrationTable(calibrationBins(trials))],
  };
}

function modelSection(file: Evaluation['models'][number]['file']): Section {
  const { provenance, instrument } = file;
  const excluded = provenance.excluded.map(({ sample, reason }) => `${sample} : ${reason}`);
  return {
    title: `Modèle ${file.id}`,
    paragraphs: [
      `SHA-256 ${file.sha256}`,
      `Instrument : ${instrument.maker} ${instrument.type}, jeux de données ${instrument.dataset.join(', ') || '–'}.`,
      `Fait le ${provenance.trainedAt} par ${provenance.program} : ${provenance.command}`,
      ...(excluded.length === 0 ? [] : [`Coupons écartés de l'apprentissage : ${excluded.join(' ; ')}`]),
    ],
    tables: [
      {
        head: ['Appris de', 'SHA-256', 'Spectres'],
        rows: provenance.files.map(({ name, sha256, rows }) => [name, sha256, String(rows)]),
      },
      {
        head: ['Matière', 'Coupons'],
        rows: Object.entries(provenance.swatches).map(([id, n]) => [id, String(n)]),
      },
    ],
  };
}

function provenanceSection({ files }: Evaluation, { program, at, command }: ReportContext): Section {
  return {
    title: 'Provenance',
    paragraphs: [`${program}, le ${at} : ${command}`],
    tables: [
      {
        head: ['Fichier jugé', 'SHA-256', 'Spectres'],
        rows: files.map(({ name, sha256, rows }) => [name, sha256, String(rows.length)]),
      },
    ],
  };
}

function compare(a: string, b: string): number {
  return a.localeCompare(b, 'fr', { numeric: true });
}
