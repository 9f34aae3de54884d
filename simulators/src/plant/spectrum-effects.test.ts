import { describe, expect, it } from 'vitest';
import type { Thickness } from './cloth.ts';
import { ceilingAbsorbance, dirtyFlicker, floorAbsorbance, lostValues, saturatedShare } from './detector.ts';
import { absorbanceOf, belt, wavelengthsNm } from './fibre-bands.ts';
import { waterHeights } from './moisture.ts';
import { trims } from './pose.ts';
import { spectrumOf } from './spectrum.ts';
import {
  at,
  conditioned,
  findReads,
  humpOf,
  isPlain,
  longestRun,
  mean,
  noiseOf,
  polyesterPeakOf,
  readOf,
  rise,
  spectraOf,
  spread,
  waterOf,
} from './test-reads.ts';

function meanOf(spectra: readonly Float32Array[]): number {
  return mean(spectra.map((spectrum) => mean(spectrum)));
}

/** Where a peak stands, by the parabola through the three highest values around it. */
function peakNm(spectrum: Float32Array, fromNm: number, toNm: number): number {
  const inside = wavelengthsNm.filter((nm) => nm >= fromNm && nm <= toNm);
  const top = inside.reduce((best, nm) => (at(spectrum, nm) > at(spectrum, best) ? nm : best));
  const [left, middle, right] = [at(spectrum, top - 4), at(spectrum, top), at(spectrum, top + 4)];
  return top + (2 * (left - right)) / (left - 2 * middle + right);
}

/** A mean spectrum: what the noise of single reads leaves alone. */
function averageOf(spectra: readonly Float32Array[]): Float32Array {
  return Float32Array.from(wavelengthsNm, (_, index) => mean(spectra.map((each) => each[index] ?? 0)));
}

/** Where the highest peak of polyester stands on an axis that is off. */
function peakDriftedBy(driftNm: number): number {
  return peakNm(averageOf(spectraOf('polyester', 40, conditioned({ driftNm }))), 1_640, 1_676);
}

function tiltOf(spectra: readonly Float32Array[]): number {
  return mean(spectra.map((each) => at(each, 960) - at(each, 1_300)));
}

/** Level of polyester between its bands, with so many grams of water to a kilogram. */
function levelWith(dampG: number): number {
  const spectra = spectraOf('polyester', 200, { massG: 1_000 + dampG, dampG });
  return mean(spectra.map((each) => at(each, 1_300)));
}

/** How much darker the shortest wavelengths are. */
function tailOf(spectra: readonly Float32Array[]): number {
  return mean(spectra.map((each) => at(each, 944) - at(each, 1_100)));
}

/** Water seen in forty lots of dry garments. */
function waterByLot(fabric: 'wool' | 'polyester'): number[] {
  return Array.from({ length: 40 }, (_, lot) => waterOf(spectraOf(fabric, 60, { lot })));
}

/** Level of polyamide that is plain but for its thickness. */
function levelBy(thickness: Thickness): number {
  const spectra = spectraOf('polyamide', 100, {}, (cloth, pose) => {
    return isPlain({ ...cloth, thickness: 'opaque' }, pose) && cloth.thickness === thickness;
  });
  return meanOf(spectra);
}

/** Level of cotton that covers a share of the spot. */
function levelAtEdge(low: number, high: number): number {
  const spectra = spectraOf('cotton', 60, {}, (cloth, pose) => {
    return isPlain(cloth, { ...pose, placement: 'whole' }) && pose.covered > low && pose.covered < high;
  });
  return meanOf(spectra);
}

describe('water', () => {
  it('shows near 1450 and 1150 nm, in proportion to what the garment holds', () => {
    const dry = spectraOf('polyester', 200);
    const heights = [0.05, 0.1, 0.2].map((share) => {
      const wet = spectraOf('polyester', 200, { massG: 1_000 + 1_000 * share, dampG: 1_000 * share });
      const differences = wet.map((spectrum, index) =>
        Float32Array.from(spectrum, (value, at) => value - (dry[index]?.[at] ?? 0)),
      );
      const high = mean(differences.map((each) => rise(each, 1_280, 1_450, 1_620) / share));
      const low = mean(differences.map((each) => rise(each, 1_096, 1_152, 1_208) / share));
      return { high, low };
    });
    // Weave and shadow make one piece show more of it than another; on average they are a little above 1.
    for (const { high, low } of heights) {
      expect(high / waterHeights.at1450).toBeGreaterThan(0.9);
      expect(high / waterHeights.at1450).toBeLessThan(1.2);
      expect(low / waterHeights.at1150).toBeGreaterThan(0.7);
      expect(low / waterHeights.at1150).toBeLessThan(1.3);
    }
  });

  it('makes cloth darker where it has no band', () => {
    expect(levelWith(200) - levelWith(0)).toBeGreaterThan(0.02);
  });

  it('that the hall’s air gives and takes from lot to lot shows in wool, and hardly in polyester', () => {
    expect(spread(waterByLot('wool'))).toBeGreaterThan(4 * spread(waterByLot('polyester')));
  });
});

describe('see-through cloth', () => {
  it('shows the belt: the more light goes through, the darker', () => {
    const [opaque, thin, sheer] = [levelBy('opaque'), levelBy('thin'), levelBy('sheer')];
    expect(thin).toBeGreaterThan(opaque + 0.07);
    expect(sheer).toBeGreaterThan(thin + 0.25);
    expect(sheer).toBeLessThan(belt.level.high);
  });
});

describe('colour', () => {
  it('of dyed cloth changes the level and the noise, and leaves the bands', () => {
    const white = spectraOf(
      'cotton',
      60,
      {},
      (cloth, pose) => isPlain(cloth, pose) && cloth.shade === 'white',
    );
    const black = spectraOf(
      'cotton',
      60,
      {},
      (cloth, pose) => isPlain(cloth, pose) && cloth.shade === 'black',
    );
    expect(meanOf(black)).toBeGreaterThan(meanOf(white) + 0.25);
    expect(mean(black.map(noiseOf))).toBeGreaterThan(1.2 * mean(white.map(noiseOf)));
    expect(tailOf(black)).toBeGreaterThan(tailOf(white) + 0.02);
    expect(humpOf(black)).toBeGreaterThan(0.7 * humpOf(white));
  });

  it('of carbon black swallows nearly all light, up to the ceiling of the detector', () => {
    const carbon = spectraOf('cotton', 120, {}, (cloth, pose) => {
      return cloth.shade === 'carbon' && isPlain({ ...cloth, shade: 'black' }, pose);
    });
    expect(meanOf(carbon)).toBeGreaterThan(1.1);
    const flat = carbon.filter((spectrum) => longestRun(spectrum) > 8);
    expect(flat.length).toBeGreaterThan(10);
    expect(flat.length).toBeLessThan(80);
    for (const spectrum of flat) expect(Math.max(...spectrum)).toBeCloseTo(ceilingAbsorbance, 5);
  });
});

describe('what lies under the lamp', () => {
  it('is the belt alone beside a garment, and on every read that comes too late', () => {
    const beside = spectraOf('cotton', 40, {}, (_cloth, pose) => pose.covered === 0);
    const late = spectraOf('polyester', 40, conditioned({ upsets: ['blank'] }));
    const bands = absorbanceOf(belt.bands, 0);
    for (const spectra of [beside, late]) {
      const average = averageOf(spectra);
      expect(mean(average)).toBeGreaterThan(belt.level.low);
      expect(mean(average)).toBeLessThan(belt.level.high + belt.slope + 0.02);
      const expected = at(bands, 1_560) - at(bands, 1_300);
      expect(at(average, 1_560) - at(average, 1_300)).toBeCloseTo(expected + (belt.slope * 260) / 740, 2);
    }
  });

  it('is partly belt at an edge', () => {
    expect(levelAtEdge(0.3, 0.5)).toBeGreaterThan(levelAtEdge(0.8, 0.95) + 0.15);
  });

  it('may be a print, a button or metal, which shows beside the cloth', () => {
    for (const kind of trims) {
      if (kind === 'none') continue;
      const seqs = findReads(7, 'cotton', 30, (cloth, pose) => {
        return isPlain(cloth, { ...pose, trim: 'none' }) && pose.trim === kind;
      });
      const covered = seqs.map((seq) => spectrumOf(7, readOf('cotton', seq)));
      expect(humpOf(covered)).toBeLessThan(humpOf(spectraOf('cotton', 30)));
    }
  });

  it('may throw the lamp straight back, more than the converter takes', () => {
    const glare = spectraOf('cotton', 20, {}, (_cloth, pose) => pose.glare > 0 && pose.covered === 1);
    const full = glare.filter((spectrum) => longestRun(spectrum) > 8);
    expect(full.length).toBeGreaterThan(5);
    for (const spectrum of full) expect(Math.min(...spectrum)).toBeCloseTo(floorAbsorbance, 5);
  });

  it('may be coated: bands of polyurethane beside those of the cloth', () => {
    const coated = averageOf(
      spectraOf('polyester', 60, {}, (cloth, pose) => {
        return cloth.coating > 0 && isPlain({ ...cloth, coating: 0 }, pose);
      }),
    );
    const plain = averageOf(spectraOf('polyester', 60));
    expect(polyesterPeakOf([coated])).toBeLessThan(0.95 * polyesterPeakOf([plain]));
    expect(rise(coated, 1_150, 1_192, 1_240)).toBeGreaterThan(rise(plain, 1_150, 1_192, 1_240) + 0.001);
  });
});

describe('a station with something wrong', () => {
  it('sees flatter and noisier through a dirty lens', () => {
    const [clean, dirty] = [
      spectraOf('polyester', 60),
      spectraOf('polyester', 60, conditioned({ lensDirty: true })),
    ];
    expect(polyesterPeakOf(dirty)).toBeLessThan(0.9 * polyesterPeakOf(clean));
    expect(mean(dirty.map(noiseOf))).toBeGreaterThan(0.9 * dirtyFlicker);
    expect(mean(clean.map(noiseOf))).toBeLessThan(0.2 * dirtyFlicker);
  });

  it('shows every band where its axis of wavelengths has walked to', () => {
    for (const driftNm of [-3, -1, 1, 3])
      expect(peakDriftedBy(driftNm) - peakDriftedBy(0)).toBeCloseTo(driftNm, 0);
  });

  it('is noisy and tilted under a lamp at its end', () => {
    const [fresh, old] = [spectraOf('cotton', 60), spectraOf('cotton', 60, conditioned({ lampShare: 0.3 }))];
    expect(mean(old.map(noiseOf))).toBeGreaterThan(1.6 * mean(fresh.map(noiseOf)));
    expect(tiltOf(old)).toBeGreaterThan(tiltOf(fresh) + 0.03);
  });

  it('cuts the light off flat when the detector is full', () => {
    for (const spectrum of spectraOf('cotton', 60, conditioned({ upsets: ['saturated'] }))) {
      const lowest = Math.min(...spectrum);
      const share = spectrum.filter((value) => value === lowest).length / spectrum.length;
      expect(share).toBeGreaterThan(saturatedShare.low - 0.02);
      expect(share).toBeLessThan(saturatedShare.high + 0.02);
      expect(longestRun(spectrum)).toBeGreaterThanOrEqual(8);
    }
  });

  it('loses some values of every spectrum, as NaN or as 0, and leaves the others', () => {
    const lost = { nan: Number.NaN, zeros: 0 } as const;
    for (const upset of ['nan', 'zeros'] as const) {
      const [sound, spoilt] = [
        spectraOf('cotton', 60),
        spectraOf('cotton', 60, conditioned({ upsets: [upset] })),
      ];
      const counts = spoilt.map((spectrum, read) => {
        const changed = [...spectrum].filter((value, index) => !Object.is(value, sound[read]?.[index]));
        for (const value of changed) expect(value).toBe(lost[upset]);
        return changed.length;
      });
      expect(Math.min(...counts)).toBeGreaterThanOrEqual(lostValues.low);
      expect(Math.max(...counts)).toBeLessThanOrEqual(lostValues.high);
    }
  });
});
