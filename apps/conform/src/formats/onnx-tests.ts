/**
 * Reads the backend tests of ONNX: a folder with `model.onnx` and `test_data_set_*` folders of `input_*.pb` and `output_*.pb`,
 * each one serialised TensorProto. Models of one activation node are cases; all else is skipped with its reason.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import {
  type Activation,
  celu,
  elu,
  gelu,
  geluTanh,
  hardSigmoid,
  hardSwish,
  leakyRelu,
  mish,
  prelu,
  relu,
  type Shape,
  selu,
  sigmoid,
  softplus,
  softsign,
  swish,
  tanh,
} from '@isoact/core';
import { ModelProtoSchema, type NodeProto, type TensorProto, TensorProto_DataType, TensorProtoSchema } from 'onnx-buf';
import { asSet, NoSuchCase, type PeerCase, type PeerCases, type PeerTolerance } from './peer-case.ts';

/** The runner's own, for every test (`load_model_tests`). */
const tolerance: PeerTolerance = { kind: 'relative', relative: 1e-3, absolute: 1e-7 };

/** Attributes by name, with the defaults of the operator's specification. */
type Attributes = (name: string, usual: number) => number;

const activations: Readonly<Record<string, (attribute: Attributes, node: NodeProto) => Activation>> = {
  Relu: () => relu(),
  LeakyRelu: (attribute) => leakyRelu({ slope: attribute('alpha', 0.01) }),
  PRelu: () => prelu(),
  Elu: (attribute) => elu({ alpha: attribute('alpha', 1) }),
  Selu: (attribute) =>
    selu({
      alpha: attribute('alpha', 1.6732631921768188),
      lambda: attribute('gamma', 1.0507010221481323),
    }),
  Celu: (attribute) => celu({ alpha: attribute('alpha', 1) }),
  Sigmoid: () => sigmoid(),
  HardSigmoid: (attribute) => {
    if (attribute('beta', 0.5) !== 0.5) throw new NoSuchCase('HardSigmoid has another beta than 0.5');
    return hardSigmoid({ slope: attribute('alpha', 0.2) });
  },
  Tanh: () => tanh(),
  Softplus: () => softplus(),
  Softsign: () => softsign(),
  HardSwish: () => hardSwish(),
  Swish: (attribute) => swish({ beta: attribute('alpha', 1) }),
  Mish: () => mish(),
  Gelu: (_, { attribute }) => {
    const text = attribute.find(({ name }) => name === 'approximate')?.s;
    return text && new TextDecoder().decode(text) === 'tanh' ? geluTanh() : gelu();
  },
};

/** Tests below a folder, each in a folder of its own or the folder itself. */
export async function readOnnxTests(folder: string): Promise<PeerCases> {
  const names = await readdir(folder);
  const tests = names.includes('model.onnx') ? [''] : names.sort();
  const cases: PeerCase[] = [];
  const skipped: { name: string; reason: string }[] = [];
  for (const name of tests) {
    try {
      cases.push(...(await readTest(join(folder, name), name || (folder.split('/').at(-1) ?? folder))));
    } catch (error) {
      skipped.push({ name, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { cases, skipped };
}

async function readTest(folder: string, name: string): Promise<PeerCase[]> {
  const { graph } = fromBinary(ModelProtoSchema, await readFile(join(folder, 'model.onnx')));
  const [node, ...others] = graph?.node ?? [];
  if (!graph || !node || others.length > 0) throw new NoSuchCase(`a model of ${graph?.node.length ?? 0} nodes`);
  const make = node.domain === '' && Object.hasOwn(activations, node.opType) ? activations[node.opType] : undefined;
  if (!make) throw new NoSuchCase(`the operator ${node.opType} is no activation of the catalogue`);
  const activation = asSet(() =>
    make((attribute, usual) => {
      const found = node.attribute.find((each) => each.name === attribute);
      return found ? Math.fround(found.f) : usual;
    }, node),
  );
  const sets = (await readdir(folder)).filter((each) => each.startsWith('test_data_set')).sort();
  return Promise.all(
    sets.map(async (set): Promise<PeerCase> => {
      const x = await readTensor(join(folder, set, 'input_0.pb'));
      const y = await readTensor(join(folder, set, 'output_0.pb'));
      const slope = node.opType === 'PRelu' ? await readTensor(join(folder, set, 'input_1.pb')) : null;
      return {
        name: sets.length > 1 ? `${name}/${set}` : name,
        activation,
        shape: x.shape,
        x: x.values,
        parameterShapes: slope ? { slope: slope.shape } : {},
        parameters: slope ? { slope: slope.values } : {},
        expected: y.values,
        tolerance,
      };
    }),
  );
}

async function readTensor(path: string): Promise<{ readonly shape: Shape; readonly values: Float32Array }> {
  const tensor = fromBinary(TensorProtoSchema, await readFile(path));
  return { shape: tensor.dims.map(Number), values: floatsOf(tensor) };
}

/** The numbers of a float32 tensor, which stand in `floatData` or, little-endian, in `rawData`. */
function floatsOf({ dataType, floatData, rawData, dims }: TensorProto): Float32Array {
  if (dataType !== TensorProto_DataType.FLOAT) {
    throw new NoSuchCase(`a tensor of ${TensorProto_DataType[dataType] ?? `type ${dataType}`}, not of FLOAT`);
  }
  const length = dims.reduce((product, dimension) => product * Number(dimension), 1);
  const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
  const values =
    floatData.length > 0
      ? Float32Array.from(floatData)
      : Float32Array.from({ length: Math.floor(rawData.length / 4) }, (_, index) => view.getFloat32(4 * index, true));
  if (values.length !== length)
    throw new NoSuchCase(`a tensor of ${length} elements must have as many numbers (had ${values.length})`);
  return values;
}
