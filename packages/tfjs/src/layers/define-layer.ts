/** From a definition to a layer class. */
import type { Activation } from '@isoact/core';
import type { serialization } from '@tensorflow/tfjs-core';
import { serialization as registry } from '@tensorflow/tfjs-core';
import type { OperationSettings } from '../operations/operation.ts';
import { ActivationLayer, type ActivationLayerOptions, type LayerKind } from './activation-layer.ts';

type Numbers<S> = { readonly [K in keyof S]?: Exclude<S[K], object> | Extract<S[K], readonly unknown[]> };

/** The names of a definition's parameters that train. */
type TrainableOf<D> = D extends (...settings: never[]) => Activation<infer Trainable> ? Trainable : never;

/** Arguments of a layer: the activation's settings as numbers and options, and those of every layer. */
export type LayerSettings<D> = Omit<Numbers<OperationSettings<D>>, 'channelAxis'> &
  Omit<ActivationLayerOptions, 'perChannel' | 'trains'> & {
    readonly perChannel?: boolean | readonly TrainableOf<D>[];
    readonly trains?: readonly TrainableOf<D>[];
  };

export interface LayerClass<D> {
  readonly className: string;
  new (settings?: LayerSettings<D>): ActivationLayer;
  fromConfig<T extends serialization.Serializable>(
    cls: serialization.SerializableConstructor<T>,
    config: serialization.ConfigDict,
  ): T;
}

/**
 * A layer class of a definition, of the catalogue or your own, registered with tfjs so that saved models find it.
 *
 * @example
 * ```ts
 * const CubicLayer = activationLayer('CubicLayer', cubic);
 * model.add(new CubicLayer({ scale: 2 }));
 * ```
 */
export function activationLayer<D extends { readonly activationName: string; readonly parameters: object }>(
  className: string,
  definition: D,
  kind: Omit<LayerKind, 'define'> = {},
): LayerClass<D> {
  // a definition is a function; which settings it takes is the caller's type's affair
  const define = definition as unknown as LayerKind['define'];
  class DefinedLayer extends ActivationLayer {
    static readonly className = className;
    constructor(settings: LayerSettings<D> = {} as LayerSettings<D>) {
      super({ ...kind, define }, settings as Readonly<Record<string, unknown>>);
    }
  }
  registry.registerClass(DefinedLayer as unknown as serialization.SerializableConstructor<ActivationLayer>);
  return DefinedLayer;
}
