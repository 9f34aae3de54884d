/** The shape of an InfluxQL answer, checked: the library passes it on as it came. */
import { Type } from 'typebox';
import { Value } from 'typebox/value';

export interface InfluxSeries {
  readonly tags: Readonly<Record<string, string>>;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

const Answer = Type.Object({
  results: Type.Array(
    Type.Object({
      error: Type.Optional(Type.String()),
      series: Type.Optional(
        Type.Array(
          Type.Object({
            tags: Type.Optional(Type.Record(Type.String(), Type.String())),
            columns: Type.Array(Type.String()),
            values: Type.Optional(Type.Array(Type.Array(Type.Unknown()))),
          }),
        ),
      ),
    }),
  ),
});

export type InfluxAnswer =
  | { readonly kind: 'series'; readonly series: InfluxSeries[] }
  | { readonly kind: 'failed'; readonly reason: string };

export function readSeries(answer: unknown): InfluxAnswer {
  if (!Value.Check(Answer, answer))
    return { kind: 'failed', reason: 'the engine gave an answer of another shape' };
  const failed = answer.results.find(({ error }) => error !== undefined);
  if (failed?.error !== undefined) return { kind: 'failed', reason: failed.error };
  const series = answer.results.flatMap((result) => result.series ?? []);
  return {
    kind: 'series',
    series: series.map(({ tags, columns, values }) => ({
      tags: tags ?? {},
      rows: (values ?? []).map((row) => Object.fromEntries(columns.map((name, index) => [name, row[index]]))),
    })),
  };
}
