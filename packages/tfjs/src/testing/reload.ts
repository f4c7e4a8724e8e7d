import * as tf from '@tensorflow/tfjs';

/** A model after a journey through its saved form. */
export async function reload(model: tf.LayersModel): Promise<tf.LayersModel> {
  let saved: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
  // through text, as a file would
  const { modelTopology, ...rest } = saved as tf.io.ModelArtifacts;
  return tf.loadLayersModel(tf.io.fromMemory({ ...rest, modelTopology: JSON.parse(JSON.stringify(modelTopology)) }));
}
