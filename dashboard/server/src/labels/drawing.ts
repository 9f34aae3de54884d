/** A page as marks in millimetres from its top left: one layout for SVG, PDF and ZPL. */
import type { Sscc } from '@trame/protocol/sscc';
import type { HatchPattern } from './hatch.ts';
import type { PictogramId } from './pictograms.ts';

export interface TextMark {
  readonly kind: 'text';
  /** Where the line begins, is centred, or ends. */
  readonly x: number;
  readonly anchor: 'start' | 'middle' | 'end';
  /** The base line. */
  readonly y: number;
  /** Height of the em square. */
  readonly size: number;
  readonly bold: boolean;
  /** Clean and already fitted, see `fitText`. */
  readonly text: string;
  /** The room that it was fitted into. */
  readonly room: number;
}

export interface FrameMark {
  readonly kind: 'frame';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Thickness of the line, inside the frame. */
  readonly line: number;
}

export interface RuleMark {
  readonly kind: 'rule';
  readonly x: number;
  readonly y: number;
  /** One of them is the thickness of the line. */
  readonly width: number;
  readonly height: number;
}

export interface HatchMark {
  readonly kind: 'hatch';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly pattern: HatchPattern;
}

export interface PictogramMark {
  readonly kind: 'pictogram';
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly pictogram: PictogramId;
}

export interface Gs1Mark {
  readonly kind: 'gs1';
  /** Left of the first bar; `GS1_QUIET_MM` on both sides stay free. */
  readonly x: number;
  readonly y: number;
  readonly height: number;
  readonly sscc: Sscc;
}

export interface QrMark {
  readonly kind: 'qr';
  /** The square within which the symbol lies with its quiet zone. */
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly content: string;
}

export type Mark = TextMark | FrameMark | RuleMark | HatchMark | PictogramMark | Gs1Mark | QrMark;

export interface Drawing {
  readonly title: string;
  readonly widthMm: number;
  readonly heightMm: number;
  readonly marks: readonly Mark[];
}
