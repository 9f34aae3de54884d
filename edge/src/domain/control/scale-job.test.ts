import { GOOD } from '@trame/protocol/quality';
import { describe, expect, it } from 'vitest';
import { CONFIRMED_BY_STANDING_MS } from '../confirm-total.ts';
import { readInputs } from './read-inputs.ts';
import { SHOWN_WITHIN_MS } from './scale-job.ts';
import { testConfig, testSetup } from './test-control-config.ts';
import { TestLine, type Fate } from './test-control.ts';

const PLATFORM = { scale: 'platform' };

/** A scale whose keys spring back, with so much on it, kg. @param press what its indicator makes of a key. */
function scaleLine(
  shown: { readonly gross: number; readonly tare: number },
  press: Readonly<Record<string, { readonly gross?: number; readonly tare?: number } | undefined>>,
  fate: Fate = 'done',
): TestLine {
  const line = new TestLine();
  const show = (masses: { readonly gross?: number; readonly tare?: number }): void => {
    for (const [tag, kg] of Object.entries(masses)) line.tags.set(`scale/${tag}`, kg);
  };
  show(shown);
  line.tags.set('scale/belowMin', shown.gross < 1);
  line.fate = () => fate;
  line.onEffect = (effect) => {
    if (effect.kind === 'write') show(press[effect.target.tag] ?? {});
  };
  line.ready();
  return line;
}

function endedOf(line: TestLine): unknown {
  return line.records('command.ended').at(-1)?.payload;
}

describe('the key of a scale', () => {
  it('is pressed without reading it back, and done once the indicator shows what follows', () => {
    const line = scaleLine({ gross: 62.05, tare: 0 }, { tareKey: { tare: 62 } });
    const tare = line.ask('scale.tare', PLATFORM);
    expect(line.effects.find(({ kind }) => kind === 'write')).toMatchObject({
      target: { tag: 'tareKey' },
      value: true,
      expect: null,
    });
    expect(line.final(tare)).toBeUndefined();
    line.pass(1_200);
    expect(line.final(tare)?.code).toBe('done');
    expect(endedOf(line)).toMatchObject({ outcome: 'done', readBack: 62 });
  });

  it('zero is done once less than half an interval is shown', () => {
    const line = scaleLine({ gross: 0.35, tare: 0 }, { zeroKey: { gross: 0.024 } });
    const zero = line.ask('scale.zero', PLATFORM);
    line.pass(1_200);
    expect(line.final(zero)?.code).toBe('done');
    expect(endedOf(line)).toMatchObject({ outcome: 'done', readBack: 0.024 });
  });

  it.each([
    [
      'scale.tare',
      { gross: 150.05, tare: 62 },
      'La bascule affiche une tare de 62 kg pour une charge de 150,05 kg.',
      62,
    ],
    ['scale.zero', { gross: 0.05, tare: 0 }, 'La bascule affiche 0,05 kg au lieu de zéro.', 0.05],
  ] as const)(
    '%s that the indicator takes and does not follow is not confirmed',
    (command, shown, detail, readBack) => {
      const line = scaleLine(shown, {});
      const id = line.ask(command, PLATFORM);
      line.pass(SHOWN_WITHIN_MS - 200);
      expect(line.final(id)).toBeUndefined();
      line.pass(400);
      expect(line.final(id)).toMatchObject({ code: 'unconfirmed', detail });
      expect(endedOf(line)).toMatchObject({ outcome: 'unconfirmed', readBack });
    },
  );

  it('counts nothing that stood there before it was pressed', () => {
    // Empty before and after: what is told anew says so.
    const line = scaleLine({ gross: 0, tare: 0 }, {});
    line.isDeferred = true;
    const id = line.ask('scale.zero', PLATFORM);
    line.pass(2_000);
    expect(line.final(id)).toBeUndefined();
    line.deliver();
    line.look();
    expect(line.final(id)).toBeUndefined();
    line.pass(1_200);
    expect(line.final(id)?.code).toBe('done');
  });

  it('that nobody answered for is done when the indicator shows it, and says why not otherwise', () => {
    const shown = { gross: 62, tare: 0 };
    const followed = scaleLine(shown, { tareKey: { tare: 62 } }, 'unconfirmed');
    const one = followed.ask('scale.tare', PLATFORM);
    followed.pass(1_200);
    expect(followed.final(one)?.code).toBe('done');
    const lost = scaleLine(shown, {}, 'unconfirmed');
    const other = lost.ask('scale.tare', PLATFORM);
    lost.tags.set('scale/gross', null);
    lost.pass(SHOWN_WITHIN_MS + 200);
    expect(lost.final(other)).toMatchObject({
      code: 'unconfirmed',
      detail: 'La demande est partie, mais la bascule ne dit plus ce qu’elle affiche. pas de réponse',
    });
  });

  it('that has not sprung back is released first: true over true presses nothing', () => {
    const line = scaleLine({ gross: 0.35, tare: 0 }, { zeroKey: { gross: 0 } });
    line.tags.set('scale/zeroKey', true);
    line.look();
    const zero = line.ask('scale.zero', PLATFORM);
    line.pass(1_200);
    expect(line.final(zero)?.code).toBe('done');
    expect(line.written()).toEqual(['zeroKey=false', 'zeroKey=true']);
  });

  it('that stays down is not pressed, and nothing that stands there counts', () => {
    const line = scaleLine({ gross: 0, tare: 0 }, {}, 'lies');
    line.tags.set('scale/zeroKey', true);
    line.look();
    const zero = line.ask('scale.zero', PLATFORM);
    line.pass(SHOWN_WITHIN_MS + 1_200);
    expect(line.final(zero)).toMatchObject({
      code: 'unconfirmed',
      detail: 'La touche est restée enfoncée : elle n’a pas été pressée de nouveau. relu : 0',
    });
    expect(line.written()).toEqual(['zeroKey=false']);
  });

  it('that the device refuses is refused', () => {
    const line = scaleLine({ gross: 0, tare: 0 }, {}, 'refused');
    const id = line.ask('scale.tare', PLATFORM);
    expect(line.final(id)).toMatchObject({ code: 'refused', reasons: [{ code: 'refused-by-device' }] });
  });

  it('of a scale that does not show its masses has to read back as it was written', () => {
    const line = scaleLine({ gross: 0, tare: 0 }, {});
    const id = line.ask('scale.zero', { scale: 'infeed' });
    expect(line.effects.find(({ kind }) => kind === 'write')).not.toHaveProperty('expect');
    expect(line.final(id)?.code).toBe('done');
  });
});

/** When the gross that was read at 500 ms counts as told, seen from 5 000 ms on. */
function shownAt(staleAfterMs: number | null): number | undefined {
  const definition = {
    name: 'gross',
    type: 'float64',
    unit: 'kg',
    deadband: 0,
    range: null,
    staleAfterMs,
  } as const;
  const gross = { definition, value: 0.35, quality: GOOD, timeMs: 0, readAtMs: 500, told: null };
  const scale = { presence: 'online', reason: null, tags: new Map([['gross', gross]]) } as const;
  const { scales } = readInputs(testSetup(testConfig()), new Map([['scale', scale]]), 5_000);
  expect(scales.get('platform')).toMatchObject({ gross: { grams: 350 }, tare: null });
  return scales.get('platform')?.gross?.toldAtMs;
}

describe('what a scale shows', () => {
  it('was so when it was read, where it is asked again and again', () => {
    expect(shownAt(3_000)).toBe(500);
  });

  it('was so until a change would have been told, where only changes are told', () => {
    expect(shownAt(null)).toBe(5_000 - CONFIRMED_BY_STANDING_MS);
  });
});
