/** What the page and its worker say to each other. */
import type { SubjectReport } from '@isoact/core/conformance';
import type { DeviceSummary, Direction, Missing } from '../core/candidate.ts';
import type { BenchDtype } from '../core/dtypes.ts';
import type { Report } from '../core/report.ts';

export interface SubjectSummary {
  readonly subject: string;
  readonly kind: 'ours' | 'peer';
  readonly device: DeviceSummary;
}

export interface RunRequest {
  readonly effort: 'quick' | 'full';
  readonly activations: readonly string[];
  readonly directions: readonly Direction[];
  readonly dtypes: readonly BenchDtype[];
  /** All of them where none is named. */
  readonly subjects: readonly string[];
  readonly elements: readonly number[];
  readonly seed: number;
}

export type Request =
  | { readonly kind: 'find' }
  | { readonly kind: 'run'; readonly request: RunRequest }
  | { readonly kind: 'conform'; readonly subjects: readonly string[]; readonly activations: readonly string[] }
  | { readonly kind: 'abort' };

export type Reply =
  | {
      readonly kind: 'found';
      readonly subjects: readonly SubjectSummary[];
      /** What the suite can be asked of: our backends, and the frameworks' own functions. */
      readonly checkable: readonly string[];
      readonly missing: readonly Missing[];
    }
  | { readonly kind: 'step'; readonly text: string; readonly share: number }
  | { readonly kind: 'report'; readonly report: Report; readonly done: boolean }
  /** What is known of a subject so far. */
  | { readonly kind: 'conformance'; readonly subject: string; readonly report: SubjectReport }
  | { readonly kind: 'conformed' }
  /** The GPU is gone: what this worker holds of it is of no use any more. */
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'failed'; readonly message: string };
